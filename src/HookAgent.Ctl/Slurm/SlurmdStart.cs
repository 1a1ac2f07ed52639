namespace HookAgent.Ctl.Slurm;

/// <summary>What one slurmd was started with, or would be.</summary>
/// <param name="Name">As messages name it: "slurmd (process 73)", "slurmd.service".</param>
/// <param name="Options">Its command line.</param>
/// <param name="Variable">SLURM_CONF of its environment; null where that is not set or empty.</param>
internal sealed record SlurmdStart(string Name, SlurmdOptions Options, string? Variable)
{
    /// <summary>The slurm.conf it was told to use. -f comes before SLURM_CONF (slurmd(8)); null where neither is there.</summary>
    public SlurmConfPlace? Told => (Options.ConfigFile, Variable) switch
    {
        ({ } option, _) => new SlurmConfPlace(option, $"-f of {Name}"),
        (null, { } variable) => new SlurmConfPlace(variable, $"SLURM_CONF of {Name}"),
        _ => null,
    };
}
