using System.Diagnostics;
using System.Globalization;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Doctor;

/// <summary>What a start of the shipped Wasimoff provider needs, as its own check sees it in the provider's sandbox.</summary>
internal static class ProviderChecks
{
    private const string Whole = "provider";

    public static IEnumerable<Finding> Of(NodeFacts facts) => facts.ProviderCheckResult switch
    {
        null => [],
        ProviderCheckResult.NotRun { Why: var why, Next: var next } => [Finding.Unseen(Whole, why, next)],
        ProviderCheckResult.Completed made => [.. made.WithoutDropIns.Select(OfDropIn), .. made.Lines.Select(OfLine)],
        _ => throw new UnreachableException(),
    };

    private static Finding OfLine(ProviderCheckLine line)
    {
        string check = $"{Whole}-{line.Name}";
        string text = Terminal.Printable(line.Text);
        string next = Terminal.Printable(line.Next ?? $"journalctl -u {ProviderCheckUnit.Name}");
        return line.Verdict switch
        {
            "ok" => Finding.Ok(check, text),
            "warning" => Finding.Warning(check, text, next),
            "fault" => Finding.Fault(check, text, next),
            _ => Finding.Unseen(check, text),
        };
    }

    private static Finding OfDropIn(string path) => Finding.Warning(
        Whole,
        $"the check runs without {path}",
        $"install -D --mode=0644 {path} /etc/systemd/system/{ProviderCheckUnit.Name}.d/{Path.GetFileName(path)} && systemctl daemon-reload, unless it sets ExecStart=, ExecCondition= or Type=");
}

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
    public ProviderCheckResult? Report(NodeFacts facts)
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
            return new ProviderCheckResult.NotRun("checking Deno, Wasimoff and the broker in the provider's sandbox needs root", "sudo hookctl doctor");
        }

        if (facts.Agent?.ActiveState is not ("active" or "reloading"))
        {
            return new ProviderCheckResult.NotRun("the provider is not checked while hookagentd does not run", AgentChecks.StartOf(facts.Root, facts.Agent));
        }

        return facts.HasRecords ? BesideJob : Run(facts, WithoutDropIns(facts.Root, provider, check));
    }

    private static ProviderCheckResult.NotRun BesideJob => new("the provider is not checked while a job is on the node", "hookctl doctor, when the node is idle");

    /// <summary>The site's answer is for lending; the check does not ask for it.</summary>
    private static ProviderCheckResult.NotRun Refused => new(
        $"an ExecCondition= of {Name} refuses the check", $"systemctl cat {Name}; take ExecCondition= out of it, which {ProviderUnit} alone needs");

    private ProviderCheckResult Run(NodeFacts facts, IReadOnlyList<string> withoutDropIns)
    {
        string since = string.Create(CultureInfo.InvariantCulture, $"@{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000m:0.000}");

        // It fails where the check finds a fault; its lines tell.
        _ = BoundedProgram.TryRun(Systemctl, s_longestCheck, "start", Name);
        Dictionary<string, string>? check = Show(Name);
        _ = BoundedProgram.TryRun(Systemctl, s_longestAnswer, "reset-failed", Name);
        List<ProviderCheckLine> lines = Lines(since);
        return lines is [.., { Name: ProviderCheckLine.Last }] ? new ProviderCheckResult.Completed(lines, withoutDropIns)
            : lines.Count > 0 || !WasSkipped(check) ? new ProviderCheckResult.NotRun("the provider's check did not finish", $"journalctl -u {Name}")
            : check!.ContainsKey("ExecCondition") && !facts.HasRecords ? Refused
            : BesideJob;
    }

    /// <summary>systemd unloads a unit that it did not start, failed ones apart, and knows no result of it any more.</summary>
    private static bool WasSkipped(Dictionary<string, string>? check) =>
        check is not null && (check.GetValueOrDefault("ConditionResult") == "no" || check.GetValueOrDefault("Result") == "exec-condition");

    /// <summary>The check's lines since then, once the last is there.</summary>
    private List<ProviderCheckLine> Lines(string since)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            string said = BoundedProgram.TryRun(Journalctl, s_longestAnswer, "--quiet", "--no-pager", "--output=cat", $"--since={since}", $"_SYSTEMD_UNIT={Name}") ?? "";
            List<ProviderCheckLine> lines = [.. said.Split('\n').Select(ProviderCheckLine.TryParse).OfType<ProviderCheckLine>()];
            if (lines is [.., { Name: ProviderCheckLine.Last }] || Stopwatch.GetElapsedTime(began) > s_longestJournal)
            {
                return lines;
            }

            Thread.Sleep(100);
        }
    }

    private static List<string> WithoutDropIns(SystemRoot root, Dictionary<string, string> provider, Dictionary<string, string> check)
    {
        string[] names = [.. Words(check).Select(static path => Path.GetFileName(path))];
        return [.. Words(provider).Where(path => !names.Contains(Path.GetFileName(path)) && !IsOfCondition(root, path))];

        static string[] Words(Dictionary<string, string> unit) =>
            unit.GetValueOrDefault("DropInPaths", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// Whether a drop-in sets an ExecCondition=, and at most the node's name for it (examples/hookagent-in-service.conf). The
    /// check must not have that: what it finds is true of a node that may not be lent, too.
    /// </summary>
    private static bool IsOfCondition(SystemRoot root, string path)
    {
        string[] settings = [.. (root.TryReadText(path, out _) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static line => line[0] is not ('#' or ';' or '['))];
        return settings.Any(IsCondition) && settings.All(static line => IsCondition(line) || line.StartsWith("Environment=SLURMD_NODENAME=", StringComparison.Ordinal));

        static bool IsCondition(string line) => line.Split('=')[0].TrimEnd() == "ExecCondition";
    }

    /// <summary>Properties of a unit, of several of one name the first; null where systemd does not answer.</summary>
    private Dictionary<string, string>? Show(string unit) =>
        BoundedProgram.TryRun(Systemctl, s_longestAnswer, "show", "--no-pager", "--property=LoadState,ExecStart,ExecCondition,DropInPaths,ConditionResult,Result", unit)?.Split('\n')
            .Select(static line => line.Split('=', 2))
            .Where(static pair => pair.Length == 2)
            .DistinctBy(static pair => pair[0])
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
}

/// <summary>What the provider's own check, <c>wasimoff-provider --check</c>, came to; or why it was not made.</summary>
internal abstract record ProviderCheckResult
{
    private ProviderCheckResult()
    {
    }

    /// <summary>It was made.</summary>
    /// <param name="WithoutDropIns">Drop-ins of the provider's unit that the check's unit has not.</param>
    public sealed record Completed(IReadOnlyList<ProviderCheckLine> Lines, IReadOnlyList<string> WithoutDropIns) : ProviderCheckResult;

    /// <summary>It was not made, or did not come to its end.</summary>
    public sealed record NotRun(string Why, string? Next) : ProviderCheckResult;
}

/// <summary>A line of the check: "ok NAME: TEXT", or "fault NAME: TEXT -> NEXT"; also "warning" and "skipped".</summary>
internal sealed record ProviderCheckLine(string Verdict, string Name, string Text, string? Next)
{
    /// <summary>The name of the check's last line.</summary>
    public const string Last = "broker";

    /// <summary>Null for what is no such line.</summary>
    public static ProviderCheckLine? TryParse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (space < 0 || colon < space || line[..space] is not ("ok" or "warning" or "fault" or "skipped"))
        {
            return null;
        }

        string[] said = line[(colon + 2)..].Split(" -> ", 2);
        return new ProviderCheckLine(line[..space], line[(space + 1)..colon], said[0], said.ElementAtOrDefault(1));
    }
}
