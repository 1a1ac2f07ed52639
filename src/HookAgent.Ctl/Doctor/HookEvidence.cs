using HookAgent.Bus;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Doctor;

/// <summary>A call of the hook that the agent has seen.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Job">For which job.</param>
internal sealed record HookEvidence(DateTime At, string Job)
{
    /// <param name="usec">In microseconds of the calendar; 0 for never.</param>
    /// <param name="job">As the agent tells it.</param>
    public static HookEvidence? Of(ulong usec, string job) =>
        UnixTime.FromUsec(usec) is { } at ? new HookEvidence(at.UtcDateTime, Terminal.Printable(job)) : null;

    /// <summary>The hook's last call as Prolog or Epilog, as the agent saw it; null where it saw none since it started, or does not answer.</summary>
    /// <param name="key">"Prolog" or "Epilog".</param>
    public static HookEvidence? Last(NodeStatus? status, string key) => status is null ? null
        : key == "Epilog" ? Of(status.LastEpilog, status.LastEpilogJob)
        : Of(status.LastProlog, status.LastPrologJob) ?? (status.Handovers is [var last, ..] ? Of(last.At, last.JobId) : null);

    /// <summary>
    /// Whether what made the call is there as it was: a slurm.conf and its programs have not changed since, and nothing came
    /// into their folders or left them.
    /// </summary>
    /// <param name="confs">The files of the slurm.conf.</param>
    /// <param name="programs">The programs of its Prolog= or Epilog=.</param>
    public bool IsOf(SystemRoot root, IEnumerable<string> confs, IEnumerable<string> programs) =>
        !confs.Concat(programs.SelectMany(static path => new[] { path, Path.GetDirectoryName(path) ?? "/" })).Any(path => root.Changed(path) > At);
}
