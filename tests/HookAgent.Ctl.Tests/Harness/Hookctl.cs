using System.Diagnostics;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests.Harness;

/// <summary>What one run of hookctl came to.</summary>
internal sealed record Hookctl(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs it inside the test's process.</summary>
    public static Hookctl Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int exitCode = HookCtl.Run(arguments, new Terminal(output, errors, Coloured: false));
        return new Hookctl(exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>The published native program.</summary>
    public static string Binary
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable("HOOKAGENT_BIN");
            Assert.False(string.IsNullOrEmpty(folder), "HOOKAGENT_BIN names no folder with the published programs; 'make test' publishes them and sets it");
            string binary = Path.Combine(folder!, "hookctl");
            Assert.True(File.Exists(binary), $"there is no {binary}; 'make test' publishes it");
            return binary;
        }
    }

    public static Hookctl RunBinary(params string[] arguments) => RunProgram(Binary, arguments);

    public static Hookctl RunProgram(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Hookctl(process.ExitCode, output, errors.Result);
    }
}
