using System.Globalization;
using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>One run of the hook as slurmd saw it.</summary>
internal sealed record HookRun(string Context, string Job, int ExitCode, Interval Life)
{
    private const string Runs = "/var/lib/hook-runs";

    public bool IsProlog => Context == "prolog_slurmd";

    public static void Forget(Node node) => node.Run("rm", "-f", Runs);

    public static HookRun[] All(Node node) =>
        [.. node.Try("cat", Runs).Lines.Select(line => line.Split(' ')).Select(words => new HookRun(
            words[2],
            words[3],
            int.Parse(words[4], CultureInfo.InvariantCulture),
            new Interval(Moment(words[0]), Moment(words[1]))))];

    private static BootTime Moment(string text) => new(long.Parse(text, CultureInfo.InvariantCulture));
}
