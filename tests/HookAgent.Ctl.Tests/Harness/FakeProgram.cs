using System.Diagnostics;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests;

/// <summary>A shell script in a folder of its own, to stand for a program that hookctl runs.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hookctl-fake-").FullName;

    public FakeProgram(string name, string body)
    {
        FilePath = Path.Combine(_folder, name);

        // Written by another process: what a test beside this one forks meanwhile inherits every file that is open here,
        // and a program that somebody may write to cannot be run (ETXTBSY).
        using Process writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat >\"$0\" && chmod 0700 \"$0\"", FilePath]) { RedirectStandardInput = true })!;
        writer.StandardInput.Write($"#!/bin/sh\ncd {_folder}\n{body}\n");
        writer.StandardInput.Close();
        writer.WaitForExit();
        Assert.Equal(0, writer.ExitCode);
    }

    public string FilePath { get; }

    /// <summary>A file the script left beside itself.</summary>
    public string Left(string name) => File.ReadAllText(Path.Combine(_folder, name));

    public bool HasLeft(string name) => File.Exists(Path.Combine(_folder, name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
