using System.Globalization;
using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

/// <summary>The native program, as the lab's nodes run it.</summary>
internal static class Standin
{
    private const string Variable = "HOOKAGENT_STANDIN";

    private static string Program
    {
        get
        {
            string path = Environment.GetEnvironmentVariable(Variable) ?? "";
            Assert.True(File.Exists(path), $"{Variable} is '{path}', which is no file; 'make test' publishes wasimoff-standin and sets it");
            return path;
        }
    }

    public static Child Start(params string[] arguments) => new(Program, arguments);

    /// <summary>A provider with two workers, which connects again when the broker is lost.</summary>
    public static Child StartProvider(int port) => Start([.. ProviderWords(port), "--retry"]);

    public static Child StartProviderWithoutRetry(int port) => Start(ProviderWords(port));

    /// <summary>Reads on to a line that begins so.</summary>
    public static string ReadTo(this Child child, string beginning)
    {
        string line;
        do
        {
            line = child.ReadLine();
        }
        while (!line.StartsWith(beginning, StringComparison.Ordinal));

        return line;
    }

    /// <summary>Until it has said this somewhere, on stdout or stderr.</summary>
    public static void Says(this Child child, string text) =>
        Assert.True(SpinWait.SpinUntil(() => child.Story.Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(20)), $"no '{text}':\n{child.Story}");

    public static Child Connected(this Child provider)
    {
        provider.ReadTo("[WebSocket] open connection established");
        return provider;
    }

    /// <summary>All its workers are up.</summary>
    public static Child Ready(this Child provider)
    {
        provider.ReadTo("ready ");
        return provider;
    }

    public static Child StartProviderWithWorkers(int port, int workers) => Start([.. ProviderWords(port, workers), "--retry"]);

    private static string[] ProviderWords(int port, int workers = 2) =>
        ["provider", "--url", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            "--workers", workers.ToString(CultureInfo.InvariantCulture), "--name", "com0"];
}
