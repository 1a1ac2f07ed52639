namespace HookAgent.Core.Jobs;

/// <summary>As which of its scripts slurmd runs the hook (slurm.conf(5), Prolog= and Epilog=).</summary>
public enum SlurmScript
{
    Prolog,
    Epilog,
}
