namespace HookAgent.Core.Jobs;

/// <summary>When a record counts as stale: its job should long have ended, and no slurmstepd of it is seen.</summary>
public static class StaleRecord
{
    /// <summary>
    /// How long after its end time, and after its last slurmstepd, a record may lie there: Slurm gives the processes of
    /// the job KillWait (30 s by default), and the Epilog takes its time.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
}
