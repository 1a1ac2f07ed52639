using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Whether Slurm still runs the hook on this node. A slurm.conf that runs it keeps the package, and so does a slurmctld
/// that has read one, and a slurmd of which nobody knows what it read.
/// </summary>
internal static class RemovalChecks
{
    private const string Reconfigure = "remove it from slurm.conf on the whole cluster, then: scontrol reconfigure";

    public static IEnumerable<Finding> Of(RemovalFacts facts)
    {
        Finding[] found = [.. OfSlurmctld(facts), .. OfFiles(facts), .. facts.Slurm.Running.Select(WitnessChecks.OfReading)];
        bool isKnown = facts.Slurm.Confs.Any(static readable => readable.Conf.Problem is null);
        IEnumerable<Finding> links = Links(facts).Where(link => !found.Any(finding => finding.Text.EndsWith($" {link}", StringComparison.Ordinal)))
            .Select(link => isKnown
                ? Finding.Ok("link", $"no line runs it, and without the package it would run nothing: rm {link}")
                : Finding.Fault("link", $"link or script that runs the hook: {link}", $"rm {link}"));
        return [.. found, .. links, .. facts.IsRoot ? (Finding[])[] : [Finding.Warning("rights", "only root can see what slurmd reads", "sudo hookctl doctor --removal")]];
    }

    private static IEnumerable<Finding> OfSlurmctld(RemovalFacts facts)
    {
        const string check = "slurmctld";
        if (facts.Slurm.Answers.Count == 0)
        {
            yield return Finding.Unseen(check, "not asked: these are the files of another node");
        }

        foreach (SlurmctldAnswer answer in facts.Slurm.Answers)
        {
            if (answer is SlurmctldAnswer.Failed { Sentence: var sentence })
            {
                yield return Finding.Unseen(check, sentence);
                continue;
            }

            SlurmctldConfig config = ((SlurmctldAnswer.Answered)answer).Config;
            string folder = Path.GetDirectoryName(config.Value("SLURM_CONF")) ?? "/etc/slurm";
            Finding[] found =
            [
                .. from key in HookScripts.Keys
                   from value in config.Programs(key)
                   from finding in OfPrograms(facts.Root, check, "slurmctld says (scontrol show config)", key, value, folder)
                   select finding,
            ];
            foreach (Finding finding in found)
            {
                yield return finding;
            }

            if (found.Length == 0)
            {
                yield return Finding.Ok(check, "has no Prolog= or Epilog= that runs the hook");
            }
        }
    }

    private static IEnumerable<Finding> OfFiles(RemovalFacts facts)
    {
        const string check = "slurm.conf";
        foreach (ReadableConf readable in facts.Slurm.Confs)
        {
            if (readable.Conf.Problem is { } problem)
            {
                yield return Finding.Warning(check, $"{readable.Place.Path} ({readable.Place.FoundBy}) cannot be read: {problem}", $"ls -l {readable.Place.Path}");
                continue;
            }

            foreach (MissingInclude missing in readable.Conf.Missing)
            {
                yield return Finding.Warning(check, $"{missing.Place} includes {missing.Path}, which cannot be read", $"make {missing.Path}, or remove the line");
            }

            string folder = Path.GetDirectoryName(readable.Conf.Path) ?? "/";
            Finding[] found =
            [
                // All of several lines: up to 23.11 the last one counts, from 24.05 each.
                .. from key in HookScripts.Keys
                   from line in readable.Conf.All(key)
                   from finding in OfPrograms(readable.Root, check, line.Place, key, line.Value, folder)
                   select finding,
            ];
            if (found.Length == 0)
            {
                found = [.. HookScripts.Keys.Select(key => OfCalls(facts, readable, check, key, folder)).OfType<Finding>()];
            }

            foreach (Finding finding in found)
            {
                yield return finding;
            }

            if (found.Length == 0)
            {
                yield return Finding.Ok(check, $"{readable.Place.Path} ({readable.Place.FoundBy}) runs no hook");
            }
        }
    }

    /// <summary>
    /// Those of the folders that Slurm's documentation proposes. Where a slurm.conf is at hand that runs none of them, they keep
    /// nobody, but a line that names the folder later would drain the node by a link to nothing.
    /// </summary>
    private static IEnumerable<string> Links(RemovalFacts facts)
    {
        HashSet<string> folders = ["/etc/slurm", .. facts.Slurm.Confs.Where(conf => conf.Root == facts.Root).Select(static conf => Path.GetDirectoryName(conf.Place.Path) ?? "/")];
        return from folder in folders
               from context in HookScripts.Keys.Select(static key => key.ToLowerInvariant())
               from script in facts.Root.Glob($"{folder}/{context}.d/*")
               where HookScripts.Look(facts.Root, script, context).RunsHook != false
               select script;
    }

    /// <summary>Of the programs of a value, those that run the hook, and those that name it and may run it in a way that cannot be followed.</summary>
    private static IEnumerable<Finding> OfPrograms(SystemRoot root, string check, string place, string key, string value, string folder)
    {
        foreach (string script in Programs(root, value, folder))
        {
            HookScript look = HookScripts.Look(root, script, key.ToLowerInvariant());
            string names = script == value ? $"{key}={script}" : $"{key}={Terminal.Printable(value)} runs {script}";
            if (look.RunsHook != false)
            {
                // The site's own programs are to stay in force.
                yield return Finding.Fault(check, $"{place}: {names}", root.Resolve(script) != HookScripts.HookPath ? $"remove the hook from {script}, or from what it runs"
                    : GlobPattern.HasWildcards(value) ? $"rm {script}"
                    : Reconfigure);
            }
            else if (look.NamesHook)
            {
                yield return Finding.Warning(check, $"{place}: {names}, which names the hook; it may run it in a way that cannot be followed", $"remove every mention of the hook that is no comment from {script}, and from what it runs");
            }
        }
    }

    /// <summary>A call of the hook that the agent has seen since all of this was changed: something here makes it, whatever cannot be followed.</summary>
    private static Finding? OfCalls(RemovalFacts facts, ReadableConf readable, string check, string key, string folder)
    {
        string[] programs = [.. readable.Conf.All(key).SelectMany(line => Programs(readable.Root, line.Value, folder))];
        return programs.Length > 0 && HookEvidence.Last(facts.Status, key) is { } call && call.IsOf(readable.Root, readable.Conf.Files, programs)
            ? Finding.Fault(
                check, $"{readable.Place.Path}: {key}={Terminal.Printable(programs[0])} ran the hook for job {call.Job}, as hookagentd saw, and has not changed since",
                $"remove the hook from what it runs, then: touch {programs[0]}")
            : null;
    }

    /// <summary>The programs of a value; a hook that is gone already is found by its name.</summary>
    private static IReadOnlyList<string> Programs(SystemRoot root, string value, string folder) =>
        HookScripts.Of(root, value, folder) is { Count: > 0 } scripts ? scripts : [Path.Combine(folder, value)];
}
