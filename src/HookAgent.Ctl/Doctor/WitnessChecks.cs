using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Whether those who tell what Slurm goes by say the same: each slurmd has read what its slurm.conf says now, slurmctld
/// has read the same, and so has every other slurmd of the node.
/// </summary>
internal static class WitnessChecks
{
    private const string Align = "make slurm.conf the same on all nodes, then: scontrol reconfigure";

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        foreach (RunningSlurmd slurmd in facts.Slurm.Running)
        {
            if (slurmd.Reads is not null)
            {
                yield return BeforeRelease(facts, slurmd, OfReading(slurmd));
            }
        }

        foreach (SlurmctldAnswer answer in facts.Slurm.Answers)
        {
            if (answer is SlurmctldAnswer.Failed { Sentence: var sentence })
            {
                yield return Finding.Unseen("slurmctld", sentence);
            }
        }

        foreach (RunningSlurmd slurmd in facts.Slurm.Running)
        {
            if (slurmd is { Reads.Conf: { Problem: null } conf, Controller: { } controller })
            {
                yield return OfController(conf, controller, facts.Version);
            }
        }

        if (facts.Slurm.Running is [{ Reads.Conf: var first }, _, ..])
        {
            yield return OfOthers(facts.Slurm.Running, first, facts.Version);
        }
    }

    /// <summary>Whether a slurmd goes by what its file says now.</summary>
    public static Finding OfReading(RunningSlurmd slurmd)
    {
        const string check = "slurmd-read";
        string name = slurmd.Process.Start.Name;
        if (slurmd.Reads is not { Place: var place })
        {
            return Finding.Warning(check, $"{name} runs, and its slurm.conf was not found", "start slurmd with -f FILE, or check the file by hand");
        }

        return slurmd.Changed is null ? Finding.Ok(check, $"{name} reads {place.Path}")
            : slurmd.HasReadSinceChange() ? Finding.Ok(check, $"{name} has read {place.Path} since it was changed")
            : Finding.Warning(
                check,
                $"{name} may still go by an earlier {place.Path}: the file changed after slurmd started, and slurmctld has not told slurmd to read it again",
                "scontrol reconfigure, or: systemctl restart slurmd (jobs run on); first mend what else is wrong with the file");
    }

    /// <summary>
    /// Where the node is held, and hookagentd has seen no hook since the file was changed, a doubt keeps it held: a release
    /// would lend it beside jobs of which no hook tells.
    /// </summary>
    private static Finding BeforeRelease(NodeFacts facts, RunningSlurmd slurmd, Finding found) =>
        found.Verdict == Verdict.Warning && facts.Status is { State: "held" } && !(HookEvidence.Last(facts.Status, "Prolog")?.At > slurmd.Changed)
            ? found with { Verdict = Verdict.Fault, Text = $"{found.Text}; and hookagentd has seen no hook since" }
            : found;

    private static Finding OfController(SlurmConf conf, SlurmctldConfig controller, SlurmVersion? version)
    {
        const string check = "slurmctld";
        string folder = Path.GetDirectoryName(conf.Path) ?? "/";
        foreach (string key in HookScripts.Keys)
        {
            string[] has = [.. controller.Programs(key)];
            string[] says = Values(conf, key, version);
            if (!has.Select(value => Path.Combine(folder, value)).SequenceEqual(says.Select(value => Path.Combine(folder, value))))
            {
                return Apart(check, $"slurmctld has {Written(key, has)} (scontrol show config), and {conf.Path} says {Written(key, says)}");
            }
        }

        return Allocates(controller.Value("PrologFlags"), version) == Allocates(conf.Last("PrologFlags")?.Value, version)
            ? Finding.Ok(check, "goes by the same Prolog=, Epilog= and PrologFlags=")
            : Apart(check, $"slurmctld has {Written("PrologFlags", controller.Value("PrologFlags"))} (scontrol show config), and {conf.Path} says {Written("PrologFlags", conf.Last("PrologFlags")?.Value)}");
    }

    /// <summary>Several slurmd of a host share the record directory: each must run the hook.</summary>
    private static Finding OfOthers(IReadOnlyList<RunningSlurmd> running, SlurmConf? first, SlurmVersion? version)
    {
        const string check = "slurmd-others";
        foreach (RunningSlurmd other in running)
        {
            foreach (string key in HookScripts.Keys)
            {
                string[] one = Values(first, key, version);
                string[] another = Values(other.Reads?.Conf, key, version);
                if (!one.SequenceEqual(another))
                {
                    return Apart(check, $"{running[0].Process.Start.Name} has {Written(key, one)}, and {other.Process.Start.Name} has {Written(key, another)}");
                }
            }
        }

        return Finding.Ok(check, $"all {running.Count} slurmd have the same Prolog= and Epilog=");
    }

    private static Finding Apart(string check, string text) => Finding.Warning(check, text, Align);

    private static string[] Values(SlurmConf? conf, string key, SlurmVersion? version) =>
        conf is null ? [] : [.. conf.Counting(key, version).Select(static line => line.Value)];

    private static bool Allocates(string? flags, SlurmVersion? version) =>
        flags?.Split(',').Any(flag => PrologFlag.Allocates(flag, version)) == true;

    private static string Written(string key, params string?[] values) =>
        values is [not null, ..] ? string.Join(' ', values.Select(value => $"{key}={Terminal.Printable(value!)}")) : $"no {key}=";
}
