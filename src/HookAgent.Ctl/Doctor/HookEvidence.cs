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
}
