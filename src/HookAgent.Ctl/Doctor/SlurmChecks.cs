using System.Globalization;
using HookAgent.Core.Node;
using HookAgent.Core.Text;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Slurm's configuration: which slurm.conf counts, whether it runs the hook, at which moments, and whether it leaves the hook
/// enough time.
/// </summary>
internal static class SlurmChecks
{
    /// <summary>The keys that later checks look at.</summary>
    private static readonly string[] Keys = ["Prolog", "Epilog", "PrologFlags", "PrologEpilogTimeout", "PrologTimeout", "EpilogTimeout", "BatchStartTimeout"];

    /// <summary>Between the hook's deadline and Slurm's: the start and the end of a process on a busy node.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>From the second SIGTERM at StopGrace= until a unit that has to be killed is gone: hookagent.conf(5), PrologWait=.</summary>
    internal static readonly TimeSpan UntilGone = StopEscalation.StageTime + TimeSpan.FromSeconds(1);

    /// <summary>When slurmd logs "Prolog hung" (src/slurmd/slurmd/req.c).</summary>
    private static readonly TimeSpan HungAfter = TimeSpan.FromSeconds(8);

    /// <summary>BatchStartTimeout= where slurm.conf does not say (slurm.conf(5)).</summary>
    private const int BatchStartDefault = 10;

    public static IEnumerable<Finding> Of(NodeFacts facts) => facts.Conf is not { Problem: null } conf ? [.. OfFiles(facts), .. WitnessChecks.Of(facts)] :
    [
        .. OfFiles(facts), .. WitnessChecks.Of(facts), HookLineChecks.Of(facts, conf, "Prolog"), HookLineChecks.Of(facts, conf, "Epilog"),
        .. OfPrologFlags(facts, conf), .. OfTimeouts(facts, conf),
    ];

    private static IEnumerable<Finding> OfFiles(NodeFacts facts)
    {
        yield return facts.Slurmd.Process is { } process
            ? Finding.Ok("slurmd", $"runs as process {process}")
            : !facts.IsRoot && ProcessChecks.Hidden(facts.Root, null) is { } hidden
            ? Finding.Unseen("slurmd", $"/proc is mounted with hidepid={hidden}: only root sees whether it runs, and its configuration is only guessed from the usual places")
            : Finding.Warning("slurmd", "does not run on this node, so its configuration is only guessed from the usual places", "systemctl start slurmd; on a machine that is no compute node nothing here is to be mended");

        const string name = "slurm.conf";
        if (facts is not { Conf: { } conf, Place: { } place })
        {
            yield return Finding.Fault(name, "none was found", "see that slurmd runs: 'systemctl status slurmd'; its -f, SLURM_CONF or /etc/slurm names the file");
            yield break;
        }

        if (conf.Problem is { } problem)
        {
            yield return facts.IsRoot
                ? Finding.Fault(name, $"{conf.Path} ({place.FoundBy}) cannot be read: {problem}", $"ls -l {conf.Path}")
                : Finding.Unseen(name, $"{conf.Path} ({place.FoundBy}) cannot be read: {problem}");
            yield break;
        }

        yield return Finding.Ok(name, $"{conf.Path} ({place.FoundBy}){(conf.Files.Count > 1 ? $", with {conf.Files.Count - 1} included" : "")}");
        foreach (MissingInclude missing in conf.Missing)
        {
            yield return Finding.Fault("include", $"{missing.Place} includes {missing.Path}, which cannot be read; every Slurm command waits a minute for it", FixOfInclude(facts.SlurmRoot, missing));
        }

        foreach (RefusedLine refused in conf.Refused)
        {
            const string check = "refused";
            yield return Refuses(check, $"'{Terminal.Printable(refused.Text)}' ({refused.Place}) is no KEY=VALUE on a line of its own", FixOfRefused(refused));
        }

        foreach (string key in Keys)
        {
            bool isArray = key is "Prolog" or "Epilog" && facts.Version?.IsAtLeast(24, 5) == true;
            if (!isArray && conf.All(key) is [.., var lost, var last])
            {
                yield return Finding.Warning("duplicates", $"{key}= is set more than once: {last.Place} counts, and {lost.Place} ({Terminal.Printable(lost.Value)}) is ignored", Fixes.TakeOut(lost.Place));
            }
        }
    }

    /// <summary>What keeps slurmd and slurmctld from starting.</summary>
    private static Finding Refuses(string check, string text, string fix) =>
        Finding.Fault(check, $"{text}: Slurm refuses the file, and does not start with it", fix);

    /// <summary>Prologs must run when a job is given the node: not at its first step (PrologFlags), and whenever it grows.</summary>
    private static IEnumerable<Finding> OfPrologFlags(NodeFacts facts, SlurmConf conf)
    {
        const string check = "prolog-flags";
        SlurmLine? line = conf.Last("PrologFlags");
        string written = Terminal.Printable(line?.Value ?? "");
        string[] flags = line?.Value.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (flags.FirstOrDefault(flag => !PrologFlag.IsKnown(flag, facts.Version)) is { } unknown)
        {
            yield return Refuses(check, $"PrologFlags={written} ({line!.Place}): Slurm{(facts.Version is { } version ? $" {version}" : "")} does not know '{Terminal.Printable(unknown)}'", FixOfFlags(line, [.. flags.Where(flag => PrologFlag.IsKnown(flag, facts.Version))], facts.Version));
            yield break;
        }

        if (PrologFlag.Conflict(flags, conf.Last("ProctrackType")?.Value) is { } conflict)
        {
            yield return Refuses(check, $"PrologFlags={written} ({line!.Place}): {conflict}", FixOfFlags(line, PrologFlag.WithoutConflict(flags), facts.Version));
            yield break;
        }

        string? allocating = flags.FirstOrDefault(flag => PrologFlag.Allocates(flag, facts.Version));
        yield return (allocating, line) switch
        {
            (null, null) => Finding.Fault(check, "there is no PrologFlags=: an salloc without a step holds a node that the agent takes for idle", Fixes.Add("PrologFlags=Alloc")),
            (null, _) => Finding.Fault(check, $"PrologFlags={written} ({line.Place}) lacks Alloc: an salloc without a step holds a node that the agent takes for idle", FixOfFlags(line, flags, facts.Version)),
            (_, _) => Finding.Ok(check, $"{allocating}{(allocating.Equals("Alloc", StringComparison.OrdinalIgnoreCase) ? "" : ", which implies Alloc")} ({line!.Place})"),
        };
        yield return flags.Contains("RunInJob", StringComparer.OrdinalIgnoreCase)
            ? Finding.Warning("run-in-job", "the hook runs in the job's own cgroup (RunInJob): a limit on the job's memory or processes may end it before it has done its work", FixOfFlags(line!, [.. flags.Where(static flag => !flag.Equals("RunInJob", StringComparison.OrdinalIgnoreCase))], facts.Version))
            : Finding.Ok("run-in-job", "is not set");

        // slurm.conf(5), off by default. No Prolog runs on a node that a running job is given.
        SlurmLine? scheduler = conf.Last("SchedulerParameters");
        yield return scheduler is not null && scheduler.Value.Split(',', StringSplitOptions.TrimEntries).Contains("permit_job_expansion", StringComparer.OrdinalIgnoreCase)
            ? Finding.Warning("job-expansion", $"a running job may be given this node (permit_job_expansion, {scheduler.Place}), and Slurm runs no Prolog then: the provider stays beside its steps, or slurmd drains the node (24.11)", FixOfExpansion(scheduler))
            : Finding.Ok("job-expansion", "is not permitted");
    }

    /// <summary>Slurm takes a pattern for a name: each file gets a line.</summary>
    private static string FixOfInclude(SystemRoot root, MissingInclude missing) =>
        GlobPattern.HasWildcards(missing.Path) && root.Glob(missing.Path) is { Count: > 0 } files
            ? Fixes.Write(missing.Place, [.. files.Select(static file => $"Include {file}")])
            : $"make {missing.Path}, or {Fixes.TakeOut(missing.Place)}";

    /// <summary>A list without its blanks and quotes; keys a line each; a file without its byte order mark.</summary>
    private static string FixOfRefused(RefusedLine refused)
    {
        if (refused.Text.StartsWith('\uFEFF'))
        {
            return $"sed -i '1s/^\\xEF\\xBB\\xBF//' {refused.Place.Split(':')[0]}";
        }

        if (refused.Meant is { } meant)
        {
            return Fixes.Write(refused.Place, Terminal.Printable(meant));
        }

        if (refused.Before is not { } line)
        {
            return $"{Fixes.TakeOut(refused.Place)}, or correct it";
        }

        bool isList = line.Value.EndsWith(',') || refused.Text.StartsWith(',');
        return isList
            ? Fixes.Write(line, Terminal.Printable($"{line.Key}={line.Value}{refused.Text}").Replace(" ", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal))
            : KeyValue.TryRead(refused.Text, out _)
                ? Fixes.Write(line, [$"{line.Key}={Terminal.Printable(line.Value)}", .. Terminal.Printable(refused.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries)])
                : Fixes.Write(line, $"{line.Key}={Terminal.Printable(line.Value)}");
    }

    /// <summary>The flags, and Alloc where none of them implies it.</summary>
    private static string FixOfFlags(SlurmLine line, IReadOnlyList<string> flags, SlurmVersion? version) =>
        Fixes.Write(line, $"PrologFlags={string.Join(',', flags.Any(flag => PrologFlag.Allocates(flag, version)) ? flags : ["Alloc", .. flags])}");

    private static string FixOfExpansion(SlurmLine line)
    {
        string[] rest = [.. line.Value.Split(',', StringSplitOptions.TrimEntries).Where(static one => !one.Equals("permit_job_expansion", StringComparison.OrdinalIgnoreCase))];
        return rest.Length > 0 ? Fixes.Write(line, $"SchedulerParameters={Terminal.Printable(string.Join(',', rest))}") : Fixes.TakeOut(line.Place);
    }

    private static IEnumerable<Finding> OfTimeouts(NodeFacts facts, SlurmConf conf)
    {
        yield return OfKill(facts, conf);
        // A fix is for the time that a Prolog takes once prolog-time is mended, so that it does not ask for the next.
        TimeSpan gone = facts.Set.StopGrace + UntilGone;
        yield return OfBatchStart(conf, facts.LongestProlog, facts.Set.PrologWait > TimeSpan.Zero && facts.Set.PrologWait < gone ? facts.Set.HookTimeout + gone : facts.LongestProlog);
        yield return OfPrologTime(facts);
    }

    private static Finding OfPrologTime(NodeFacts facts)
    {
        const string check = "prolog-time";
        TimeSpan gone = facts.Set.StopGrace + UntilGone;
        return facts.Set.PrologWait > TimeSpan.Zero && facts.Set.PrologWait < gone
            ? Finding.Warning(
                check,
                $"PrologWait={Written(facts.Set.PrologWait)} is less than the {Written(gone)} that a provider may take to be gone (StopGrace= and 3 s): a job may still begin beside it",
                $"set PrologWait={Written(gone)} in hookagent.conf, or 0 if they may share the node; then systemctl reload hookagentd")
            : Finding.Ok(check, $"a Prolog takes {Written(facts.LongestProlog)} at most{(facts.LongestProlog >= HungAfter ? "; from 8 s on slurmd logs 'Prolog hung', which is harmless" : "")}");
    }

    private static Finding OfKill(NodeFacts facts, SlurmConf conf)
    {
        const string check = "prolog-epilog-timeout";
        Limit? tightest = null;
        foreach (string key in (string[])["PrologEpilogTimeout", "PrologTimeout", "EpilogTimeout"])
        {
            if (conf.Last(key) is not { } line)
            {
                continue;
            }

            // A key that Slurm does not know is refused like a value that it cannot read.
            if (key != "PrologEpilogTimeout" && facts.Version?.IsAtLeast(25, 5) == false)
            {
                return Refuses(check, $"{key}= ({line.Place}) came with Slurm 25.05, and {facts.Version} runs", Fixes.Write(line, $"PrologEpilogTimeout={Terminal.Printable(line.Value)}"));
            }

            if (SlurmSeconds.Read(line.Value) is SlurmSeconds.Unreadable)
            {
                return Refuses(check, $"{key}={Terminal.Printable(line.Value)} ({line.Place}) is no number of seconds from 0 to 65533, or INFINITE", Fixes.Write(line, $"{key}=60"));
            }
        }

        foreach (Limit? limit in (Limit?[])[OfKey(conf, "PrologTimeout", facts.LongestProlog), OfKey(conf, "EpilogTimeout", facts.Set.HookTimeout)])
        {
            if (limit is not null && limit.Span < limit.Hook + Margin)
            {
                SlurmLine line = limit.Line;
                return Finding.Fault(
                    check,
                    $"{line.Key}={Terminal.Printable(line.Value)} ({line.Place}): slurmd kills a hook that takes its {Written(limit.Hook)} (Timeout= and PrologWait=), and drains the node",
                    Fixes.Write(line, $"{line.Key}={WholeSeconds(limit.Hook + Margin)}"));
            }

            tightest = limit is not null && (tightest is null || limit.Span < tightest.Span) ? limit : tightest;
        }

        return tightest is null
            ? Finding.Ok(check, "is not set: Slurm waits for a Prolog without end")
            : Finding.Ok(check, $"{WholeSeconds(tightest.Span)} s ({tightest.Line.Place}), and a hook takes {Written(tightest.Hook)} at most");
    }

    /// <param name="Span">When Slurm kills the script.</param>
    /// <param name="Hook">How long the hook may take.</param>
    private sealed record Limit(SlurmLine Line, TimeSpan Span, TimeSpan Hook);

    /// <summary>The limit that counts: the key of its own (from 25.05) before the common one; null for none.</summary>
    private static Limit? OfKey(SlurmConf conf, string key, TimeSpan hook) =>
        (conf.Last(key) ?? conf.Last("PrologEpilogTimeout")) is { } line && SlurmSeconds.Read(line.Value) is SlurmSeconds.Number { Count: var seconds }
            ? new Limit(line, TimeSpan.FromSeconds(seconds), hook)
            : null;

    private static Finding OfBatchStart(SlurmConf conf, TimeSpan prolog, TimeSpan mended)
    {
        const string check = "batch-start-timeout";
        SlurmLine? line = conf.Last("BatchStartTimeout");
        string where = line is null ? "the default" : line.Place;
        switch (line is null ? new SlurmSeconds.Number(BatchStartDefault) : SlurmSeconds.Read(line.Value))
        {
            case SlurmSeconds.Unreadable:
                return Refuses(check, $"BatchStartTimeout={Terminal.Printable(line!.Value)} ({line.Place}) is no number of seconds from 0 to 65533", Fixes.Write(line, $"BatchStartTimeout={Math.Max(BatchStartDefault, (int)Math.Ceiling((mended + Margin).TotalSeconds))}"));
            case SlurmSeconds.Number { Count: var seconds } when TimeSpan.FromSeconds(seconds) < prolog + Margin:
                return Finding.Warning(
                    check,
                    $"BatchStartTimeout={seconds} ({where}), and a Prolog may take {Written(prolog)}: slurmctld may take a batch job for lost that still waits for its Prolog",
                    line is null ? Fixes.Add($"BatchStartTimeout={WholeSeconds(mended + Margin)}") : Fixes.Write(line, $"BatchStartTimeout={WholeSeconds(mended + Margin)}"));
            case SlurmSeconds.Number { Count: var enough }:
                return Finding.Ok(check, $"{enough} s ({where})");
            default:
                return Finding.Ok(check, $"is without end ({where})");
        }
    }

    private static string WholeSeconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Written(TimeSpan span) => SpanText.Of(span);
}
