namespace HookAgent.Ctl.Tests;

/// <summary>A shell script in a folder of its own, to stand for a program that hookctl runs.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hookctl-fake-").FullName;

    public FakeProgram(string name, string body)
    {
        FilePath = Path.Combine(_folder, name);
        File.WriteAllText(FilePath, $"#!/bin/sh\ncd {_folder}\n{body}\n");
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string FilePath { get; }

    /// <summary>A file the script left beside itself.</summary>
    public string Left(string name) => File.ReadAllText(Path.Combine(_folder, name));

    public bool HasLeft(string name) => File.Exists(Path.Combine(_folder, name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
