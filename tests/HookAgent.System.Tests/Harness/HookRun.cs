using System.Globalization;
using HookAgent.Core.Settings;
using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>One run of the hook as slurmd saw it.</summary>
internal sealed record HookRun(string Context, string Job, int ExitCode, Interval Life)
{
    private const string Runs = "/var/lib/hook-runs";

    public bool IsProlog => Context == "prolog_slurmd";

    /// <summary>Process start and end on a busy machine, which slurmd sees beyond the hook's own deadline.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(0.2);

    public TimeSpan Limit(HookSettings settings) =>
        settings.Timeout + (IsProlog ? settings.PrologWait : TimeSpan.Zero) + s_margin;

    public static bool AnyNow(Node node) => node.Try("pgrep", "-x", Path.GetFileName(HookLink.Path)).Succeeded;

    public static HookRun[] Since(Node node, BootTime moment) => [.. All(node).Where(run => run.Life.Begin >= moment)];

    private static IEnumerable<HookRun> All(Node node) =>
        node.Try("cat", Runs).Lines.Select(line => line.Split(' ')).Select(words => new HookRun(
            words[2],
            words[3],
            int.Parse(words[4], CultureInfo.InvariantCulture),
            new Interval(Moment(words[0]), Moment(words[1]))));

    private static BootTime Moment(string text) => new(long.Parse(text, CultureInfo.InvariantCulture));
}
