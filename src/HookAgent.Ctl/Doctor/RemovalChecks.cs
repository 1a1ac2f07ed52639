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
                   from script in Hooks(facts.Root, key, value, folder)
                   select Finding.Fault(check, $"slurmctld says (scontrol show config): {Names(key, value, script)}", Reconfigure),
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

            Finding[] found =
            [
                // All of several lines: up to 23.11 the last one counts, from 24.05 each.
                .. from key in HookScripts.Keys
                   from line in readable.Conf.All(key)
                   from script in Hooks(readable.Root, key, line.Value, Path.GetDirectoryName(readable.Conf.Path) ?? "/")
                   select Finding.Fault(check, $"{line.Place}: {Names(key, line.Value, script)}", Reconfigure),
            ];
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

    /// <summary>The programs of a value that run the hook.</summary>
    private static IEnumerable<string> Hooks(SystemRoot root, string key, string value, string folder)
    {
        IReadOnlyList<string> scripts = HookScripts.Of(root, value, folder);
        // A hook that is gone already is found by its name.
        return (scripts.Count > 0 ? scripts : [Path.Combine(folder, value)]).Where(script => HookScripts.Look(root, script, key.ToLowerInvariant()).RunsHook != false);
    }

    private static string Names(string key, string value, string script) =>
        script == value ? $"{key}={script}" : $"{key}={Terminal.Printable(value)} runs {script}";
}
