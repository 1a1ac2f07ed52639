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

    public static Child Connected(this Child provider)
    {
        provider.ReadTo("[WebSocket] open connection established");
        return provider;
    }

    private static string[] ProviderWords(int port) =>
        ["provider", "--url", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), "--workers", "2", "--name", "com0"];
}
