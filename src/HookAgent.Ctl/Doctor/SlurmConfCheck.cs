using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>Which slurm.conf counts on this node, whether all of it can be read, and what it says twice.</summary>
internal static class SlurmConfCheck
{
    /// <summary>The keys that later checks look at.</summary>
    private static readonly string[] Keys = ["Prolog", "Epilog", "PrologFlags", "PrologEpilogTimeout", "PrologTimeout", "EpilogTimeout", "BatchStartTimeout"];

    public static IEnumerable<Finding> Of(NodeFacts facts)
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
            yield return Finding.Fault("include", $"{missing.Place} includes {missing.Path}, which cannot be read; every Slurm command waits a minute for it", $"make {missing.Path}, or take the line out");
        }

        foreach (string key in Keys)
        {
            if (conf.All(key) is [.., var lost, var last])
            {
                yield return Finding.Warning("duplicates", $"{key}= is there more than once; {last.Place} counts, and {lost.Place} ({Terminal.Plain(lost.Value)}) is lost", $"make one line of {lost.Place} and {last.Place}");
            }
        }
    }
}
