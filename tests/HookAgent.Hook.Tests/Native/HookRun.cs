using System.Diagnostics;

namespace HookAgent.Hook.Tests.Native;

/// <summary>One run of the program, to its end.</summary>
internal sealed record HookRun(int ExitCode, TimeSpan Elapsed, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command with just this environment.</summary>
    public static async Task<HookRun> Of(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(command.First(), command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"still running after {Limit}: {string.Join(' ', command)}");
        }

        return new HookRun(process.ExitCode, watch.Elapsed, await output, await error);
    }
}
