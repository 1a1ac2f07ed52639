using System.Diagnostics;
using System.Globalization;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Has systemd run the shipped provider's check, which is made of the provider's own unit (wasimoff-provider-check.sed),
/// and reads its lines from the journal. By the programs systemctl and journalctl, which an operator would use: a start
/// that lasts has its waiting done by them.
/// </summary>
/// <param name="Systemctl">Path or name of systemctl.</param>
/// <param name="Journalctl">Path or name of journalctl.</param>
internal sealed record ProviderCheckUnit(string Systemctl, string Journalctl)
{
    public const string Name = "wasimoff-provider-check.service";

    private const string ProviderUnit = "wasimoff-provider.service";
    private const string StartProgram = "/usr/libexec/hookagent/wasimoff-provider";

    /// <summary>TimeoutStartSec= and TimeoutStopSec= of the check's unit are 50 s and 14 s.</summary>
    private static readonly TimeSpan s_longestCheck = TimeSpan.FromSeconds(70);

    private static readonly TimeSpan s_longestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>journald reads the last lines of a service that has ended a moment later.</summary>
    private static readonly TimeSpan s_longestJournal = TimeSpan.FromSeconds(3);

    /// <summary>Null where another unit than the shipped one is lent, or the shipped one runs another program.</summary>
    public ProviderReport? Report(NodeFacts facts)
    {
        if (facts is not { Unit: ProviderUnit, Provider.LoadState: "loaded" }
            || Show(ProviderUnit) is not { } provider || Show(Name) is not { } check
            || check.GetValueOrDefault("LoadState") != "loaded"
            || !provider.GetValueOrDefault("ExecStart", "").Contains($"path={StartProgram} ", StringComparison.Ordinal))
        {
            return null;
        }

        if (!facts.IsRoot)
        {
            return new ProviderReport.NotMade("only root may have Deno, Wasimoff and the broker checked in the provider's sandbox", "sudo hookctl doctor");
        }

        if (facts.Agent?.ActiveState is not ("active" or "reloading"))
        {
            return new ProviderReport.NotMade("the provider is not checked while hookagentd does not run", "systemctl start hookagentd");
        }

        return facts.HasRecords ? BesideJob : Run(WithoutDropIns(provider, check));
    }

    private static ProviderReport.NotMade BesideJob => new("the provider is not checked while a job is on the node", "hookctl doctor, when the node is idle");

    private ProviderReport Run(IReadOnlyList<string> withoutDropIns)
    {
        string since = string.Create(CultureInfo.InvariantCulture, $"@{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000m:0.000}");

        // It fails where the check finds a fault; its lines tell.
        _ = BoundedProgram.TryRun(Systemctl, s_longestCheck, "start", Name);
        _ = BoundedProgram.TryRun(Systemctl, s_longestAnswer, "reset-failed", Name);
        List<ProviderLine> lines = Lines(since);
        return lines is [.., { Name: ProviderLine.Last }] ? new ProviderReport.Made(lines, withoutDropIns)
            : lines.Count == 0 && Show(Name)?.GetValueOrDefault("ConditionResult") == "no" ? BesideJob
            : new ProviderReport.NotMade("the provider's check did not come to its end", $"journalctl -u {Name}");
    }

    /// <summary>The check's lines since then, once the last is there.</summary>
    private List<ProviderLine> Lines(string since)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            string said = BoundedProgram.TryRun(Journalctl, s_longestAnswer, "--quiet", "--no-pager", "--output=cat", $"--since={since}", $"_SYSTEMD_UNIT={Name}") ?? "";
            List<ProviderLine> lines = [.. said.Split('\n').Select(ProviderLine.TryParse).OfType<ProviderLine>()];
            if (lines is [.., { Name: ProviderLine.Last }] || Stopwatch.GetElapsedTime(began) > s_longestJournal)
            {
                return lines;
            }

            Thread.Sleep(100);
        }
    }

    private static List<string> WithoutDropIns(Dictionary<string, string> provider, Dictionary<string, string> check)
    {
        string[] names = [.. Words(check).Select(static path => Path.GetFileName(path))];
        return [.. Words(provider).Where(path => !names.Contains(Path.GetFileName(path)))];

        static string[] Words(Dictionary<string, string> unit) =>
            unit.GetValueOrDefault("DropInPaths", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Properties of a unit; null where systemd does not answer.</summary>
    private Dictionary<string, string>? Show(string unit) =>
        BoundedProgram.TryRun(Systemctl, s_longestAnswer, "show", "--no-pager", "--property=LoadState,ExecStart,DropInPaths,ConditionResult", unit)?.Split('\n')
            .Select(static line => line.Split('=', 2))
            .Where(static pair => pair.Length == 2)
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
}
