using System.Globalization;
using HookAgent.Core.Settings;
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

    /// <summary>Alloc, and the flags that set it too (prolog_str2flags() of src/common/read_config.c; RunInJob from 24.05).</summary>
    private static readonly string[] Allocating = ["Alloc", "Contain", "X11", "RunInJob"];

    /// <summary>Between the hook's deadline and Slurm's: the start and the end of a process on a busy node.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>When slurmd logs "Prolog hung" (src/slurmd/slurmd/req.c).</summary>
    private static readonly TimeSpan HungAfter = TimeSpan.FromSeconds(8);

    /// <summary>BatchStartTimeout= where slurm.conf does not say (slurm.conf(5)).</summary>
    private const ulong BatchStartDefault = 10;

    public static IEnumerable<Finding> Of(NodeFacts facts) => facts.Conf is not { Problem: null } conf ? OfFiles(facts) :
    [
        .. OfFiles(facts), OfHookLine(facts.Root, conf, "Prolog"), OfHookLine(facts.Root, conf, "Epilog"),
        .. OfPrologFlags(conf), .. OfTimeouts(facts, conf),
    ];

    private static IEnumerable<Finding> OfFiles(NodeFacts facts)
    {
        yield return facts.Slurmd.Process is { } process
            ? Finding.Ok("slurmd", $"runs as process {process}")
            : Finding.Warning("slurmd", "does not run on this node, so its configuration is only guessed from the usual places", "systemctl start slurmd");

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

        yield return Finding.Ok(name, $"{conf.Path}, found {place.FoundBy}{(conf.Files.Count > 1 ? $", with {conf.Files.Count - 1} included" : "")}");
        foreach (MissingInclude missing in conf.Missing)
        {
            yield return Finding.Fault("include", $"{missing.Place} includes {missing.Path}, which cannot be read; every Slurm command waits a minute for it", $"make {missing.Path}, or remove the line");
        }

        foreach (string key in Keys)
        {
            if (conf.All(key) is [.., var lost, var last])
            {
                yield return Finding.Warning("duplicates", $"{key}= is set more than once: {last.Place} counts, and {lost.Place} ({Terminal.Printable(lost.Value)}) is ignored", $"merge {lost.Place} and {last.Place} into one line");
            }
        }
    }

    /// <summary>Whether Prolog= or Epilog= runs the hook: directly, among other scripts, or from a site's script.</summary>
    private static Finding OfHookLine(SystemRoot root, SlurmConf conf, string key)
    {
        string check = key.ToLowerInvariant();
        string line = $"{key}={HookScripts.HookPath}";
        if (conf.Last(key) is not { } found)
        {
            return Finding.Fault(check, $"{conf.Path} has no {key}=: the hook does not run for jobs", $"add to slurm.conf, then 'scontrol reconfigure':  {line}");
        }

        string value = Terminal.Printable(found.Value);
        string folder = Path.GetDirectoryName(found.File) ?? "/";
        IReadOnlyList<string> scripts = HookScripts.Of(root, found.Value, folder);
        if (scripts.Count == 0)
        {
            return Finding.Fault(check, $"{key}={value} ({found.Place}) is not there: slurmd drains the node at the next job", $"put the program there, or write:  {line}");
        }

        // Slurm takes what a pattern fits from the last to the first, and the first that fails keeps the rest from running.
        string[] order = [.. scripts.Reverse()];
        if (order.FirstOrDefault(script => root.IsExecutable(script) != true) is { } broken)
        {
            return Finding.Fault(check, $"{broken} of {key}={value} ({found.Place}) is missing or not executable: slurmd drains the node at the next job", $"chmod +x {broken}, or remove it");
        }

        string[] hooks = [.. order.Where(script => HookScripts.RunsHook(root, script))];
        if (hooks.Length == 0)
        {
            return Finding.Fault(check, $"{key}={value} ({found.Place}) does not run the hook", FixOfLine(key, line, order.Length > 1 || Path.Combine(folder, found.Value) != order[0]));
        }

        return order.Length == 1 ? Finding.Ok(check, $"{order[0]} ({found.Place})") : OfOrder(check, key, order, hooks[0]);
    }

    private static Finding OfOrder(string check, string key, string[] order, string hook)
    {
        bool isProlog = key == "Prolog";
        string names = string.Join(", ", order.Select(Path.GetFileName));
        string why = isProlog ? "so that the node is taken back while the others run" : "so that the node is not lent before the others have cleaned up";
        string wanted = isProlog ? "first" : "last";
        return hook == (isProlog ? order[0] : order[^1])
            ? Finding.Ok(check, $"{hook}, the {wanted} of {order.Length} (Slurm runs them from z to a: {names})")
            : Finding.Warning(
                check,
                $"{hook} is not the {wanted} of {order.Length} (Slurm runs them from z to a: {names}); it should be, {why}",
                $"mv {hook} {Path.GetDirectoryName(hook)}/{(isProlog ? "zz" : "00")}-hookagent");
    }

    private static string FixOfLine(string key, string line, bool isFolder) => (isFolder, key) switch
    {
        (false, _) => $"call {HookScripts.HookPath} in that script, or write:  {line}",
        (true, "Prolog") => $"ln -s {HookScripts.HookPath} /etc/slurm/prolog.d/zz-hookagent  (in the folder of that pattern)",
        (true, _) => $"ln -s {HookScripts.HookPath} /etc/slurm/epilog.d/00-hookagent  (in the folder of that pattern)",
    };

    /// <summary>Prologs must run when a job is given the node: not at its first step (PrologFlags), and whenever it grows.</summary>
    private static IEnumerable<Finding> OfPrologFlags(SlurmConf conf)
    {
        const string check = "prolog-flags";
        SlurmLine? line = conf.Last("PrologFlags");
        string[] flags = line?.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        string? allocating = flags.FirstOrDefault(flag => Allocating.Contains(flag, StringComparer.OrdinalIgnoreCase));
        yield return (allocating, line) switch
        {
            (null, null) => Finding.Fault(check, "there is no PrologFlags=: an salloc without a step holds a node that the agent takes for idle", "add to slurm.conf, then 'scontrol reconfigure':  PrologFlags=Alloc"),
            (null, _) => Finding.Fault(check, $"PrologFlags={Terminal.Printable(line.Value)} ({line.Place}) lacks Alloc: an salloc without a step holds a node that the agent takes for idle", $"write there, then 'scontrol reconfigure':  PrologFlags=Alloc,{Terminal.Printable(line.Value)}"),
            (_, _) => Finding.Ok(check, $"{allocating}{(allocating.Equals("Alloc", StringComparison.OrdinalIgnoreCase) ? "" : ", which implies Alloc")} ({line!.Place})"),
        };
        yield return flags.Contains("RunInJob", StringComparer.OrdinalIgnoreCase)
            ? Finding.Warning("run-in-job", "the hook runs in the job's own cgroup (RunInJob): a limit on the job's memory or processes may end it before it has done its work", "take RunInJob out of PrologFlags= unless another script needs it")
            : Finding.Ok("run-in-job", "is not set");

        // slurm.conf(5), off by default. No Prolog runs on a node that a running job is given.
        SlurmLine? scheduler = conf.Last("SchedulerParameters");
        yield return scheduler is not null && scheduler.Value.Split(',', StringSplitOptions.TrimEntries).Contains("permit_job_expansion", StringComparer.OrdinalIgnoreCase)
            ? Finding.Warning("job-expansion", $"a running job may be given this node (permit_job_expansion, {scheduler.Place}), and Slurm runs no Prolog then: the provider stays beside its steps, or slurmd drains the node (24.11)", "take permit_job_expansion out of SchedulerParameters=, or hold the nodes that jobs grow onto:  hookctl hold")
            : Finding.Ok("job-expansion", "is not permitted");
    }

    private static IEnumerable<Finding> OfTimeouts(NodeFacts facts, SlurmConf conf)
    {
        yield return OfKill(conf, facts.LongestProlog, facts.Set);
        yield return OfBatchStart(conf, facts.LongestProlog);
        yield return facts.LongestProlog >= HungAfter
            ? Finding.Warning("prolog-time", $"a Prolog may take {Written(facts.LongestProlog)} (Timeout= and PrologWait=); from 8 s on slurmd logs 'Prolog hung', which is harmless", "lower PrologWait= in hookagent.conf, or let those who read slurmd's log know")
            : Finding.Ok("prolog-time", $"a Prolog takes {Written(facts.LongestProlog)} at most");
    }

    private static Finding OfKill(SlurmConf conf, TimeSpan prolog, AgentSettings set)
    {
        const string check = "prolog-epilog-timeout";
        Limit? tightest = null;
        foreach (Limit? limit in (Limit?[])[OfKey(conf, "PrologTimeout", prolog), OfKey(conf, "EpilogTimeout", set.HookTimeout)])
        {
            if (limit is not null && limit.Span < limit.Hook + Margin)
            {
                SlurmLine line = limit.Line;
                return Finding.Fault(
                    check,
                    $"{line.Key}={Terminal.Printable(line.Value)} ({line.Place}): slurmd kills a hook that takes its {Written(limit.Hook)} (Timeout= and PrologWait=), and drains the node",
                    $"write there, then 'scontrol reconfigure':  {line.Key}={WholeSeconds(limit.Hook + Margin)}");
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

    /// <summary>The limit that counts: the key of its own (from 24.11) before the common one; null for none.</summary>
    private static Limit? OfKey(SlurmConf conf, string key, TimeSpan hook) =>
        (conf.Last(key) ?? conf.Last("PrologEpilogTimeout")) is { } line && Seconds(line) is { } seconds
            ? new Limit(line, TimeSpan.FromSeconds(seconds), hook)
            : null;

    private static Finding OfBatchStart(SlurmConf conf, TimeSpan prolog)
    {
        const string check = "batch-start-timeout";
        SlurmLine? line = conf.Last("BatchStartTimeout");
        ulong seconds = line is null ? BatchStartDefault : Seconds(line) ?? BatchStartDefault;
        string where = line is null ? "the default" : line.Place;
        return TimeSpan.FromSeconds(seconds) < prolog + Margin
            ? Finding.Warning(
                check,
                $"BatchStartTimeout={seconds} ({where}), and a Prolog may take {Written(prolog)}: slurmctld may take a batch job for lost that still waits for its Prolog",
                $"write in slurm.conf, then 'scontrol reconfigure':  BatchStartTimeout={WholeSeconds(prolog + Margin)}")
            : Finding.Ok(check, $"{seconds} s ({where})");
    }

    /// <summary>A number of seconds that fits Slurm's 16 bits; null for INFINITE and anything else.</summary>
    private static ushort? Seconds(SlurmLine line) =>
        ushort.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort seconds) ? seconds : null;

    private static string WholeSeconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Written(TimeSpan span) => TimeSpanText.Format(span);
}
