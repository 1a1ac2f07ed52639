using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// What the slurmd of this node knows and Slurm's programs have to be told: a site may keep its slurm.conf and its
/// programs anywhere, and only slurmd's own environment and command line say where.
/// </summary>
/// <param name="Running">Every slurmd of this node. There may be several, each with a -N of its own.</param>
internal sealed record LocalSlurmd(IReadOnlyList<SlurmdProcess> Running)
{
    /// <summary>Its process id; null where it does not run.</summary>
    public int? Process => Running is [.., var last] ? last.Id : null;

    /// <summary>Its slurm.conf, from -f or SLURM_CONF; null where it uses its built-in path.</summary>
    public string? ConfigFile => Told?.Start.Told?.Path;

    /// <summary>What <see cref="ConfigFile"/> was taken from: "-f" or "SLURM_CONF".</summary>
    public string? ConfigFrom => Told is not { } told ? null : told.Start.Options.ConfigFile is not null ? "-f" : "SLURM_CONF";

    /// <summary>From -N, which runs a node under another name than the host's.</summary>
    public IReadOnlyList<string> NodeNames => [.. Running.Select(static slurmd => slurmd.Start.Options.NodeName).OfType<string>().Distinct()];

    /// <summary>Whether it was told to take its configuration from slurmctld (--conf-server).</summary>
    public bool IsConfigless => Running.Any(static slurmd => slurmd.Start.Options.IsConfigless);

    private SlurmdProcess? Told => Running.LastOrDefault(static slurmd => slurmd.Start.Told is not null);

    /// <summary>Looks through the processes below <paramref name="proc"/>.</summary>
    public static LocalSlurmd Find(string proc = "/proc") => new(SlurmdProcess.All(proc));

    /// <summary>A program of Slurm's that was installed with slurmd; null where there is none beside it.</summary>
    public string? Beside(string program) => Running.Select(slurmd => slurmd.Beside(program)).LastOrDefault(static path => path is not null);
}
