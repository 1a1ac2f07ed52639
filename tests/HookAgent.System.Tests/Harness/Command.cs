using System.Diagnostics;

namespace HookAgent.SystemTests.Harness;

/// <summary>Runs commands of this machine, none longer than it is given.</summary>
internal static class Command
{
    public static CommandResult Run(IReadOnlyList<string> words, TimeSpan limit, string input = "")
    {
        ProcessStartInfo start = new(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string command = string.Join(' ', words);
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Feed(process, input);
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command}\ndid not end within {limit.TotalSeconds:0} s");
        }

        TimeSpan took = Stopwatch.GetElapsedTime(began);
        Assert.True(Task.WaitAll([output, error], limit), $"{command}\nhas ended, but something it started keeps its output open");
        return new CommandResult(command, process.ExitCode, output.Result, error.Result, took);
    }

    private static void Feed(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading all of it.
        }
    }
}
