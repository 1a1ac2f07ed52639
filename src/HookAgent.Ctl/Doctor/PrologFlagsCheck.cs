using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>Prologs must run when a job is given the node: not at its first step (PrologFlags), and whenever it grows.</summary>
internal static class PrologFlagsCheck
{
    /// <summary>Alloc, and the flags that set it too (prolog_str2flags() of src/common/read_config.c; RunInJob from 24.05).</summary>
    private static readonly string[] Allocating = ["Alloc", "Contain", "X11", "RunInJob"];

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        if (facts.Conf is not { Problem: null } conf)
        {
            yield break;
        }

        const string check = "prolog-flags";
        SlurmLine? line = conf.Last("PrologFlags");
        string[] flags = line?.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        string? allocating = flags.FirstOrDefault(flag => Allocating.Contains(flag, StringComparer.OrdinalIgnoreCase));
        yield return (allocating, line) switch
        {
            (null, null) => Finding.Fault(check, "there is no PrologFlags=: an salloc without a step holds a node that the agent takes for idle", "add to slurm.conf, then 'scontrol reconfigure':  PrologFlags=Alloc"),
            (null, _) => Finding.Fault(check, $"PrologFlags={Terminal.Plain(line.Value)} ({line.Place}) lacks Alloc: an salloc without a step holds a node that the agent takes for idle", $"write there, then 'scontrol reconfigure':  PrologFlags=Alloc,{Terminal.Plain(line.Value)}"),
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
}
