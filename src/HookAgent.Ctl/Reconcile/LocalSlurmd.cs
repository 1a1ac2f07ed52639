using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// What the slurmd of this node knows and squeue has to be told: a site may keep its slurm.conf and its
/// programs anywhere, and only slurmd's own environment and command line say where.
/// </summary>
/// <param name="ConfigFile">Its slurm.conf, from -f or SLURM_CONF; null where it uses its built-in path.</param>
/// <param name="NodeNames">From -N, which runs a node under another name than the host's.</param>
/// <param name="Squeue">The squeue that was installed with it; null where there is none beside it.</param>
internal sealed record LocalSlurmd(string? ConfigFile, IReadOnlyList<string> NodeNames, string? Squeue)
{
    public static LocalSlurmd NotRunning { get; } = new(null, [], null);

    /// <summary>Its process id; null where it does not run.</summary>
    public int? Process { get; init; }

    /// <summary>What <see cref="ConfigFile"/> was taken from: "-f" or "SLURM_CONF".</summary>
    public string? ConfigFrom { get; init; }

    /// <summary>Whether it was told to take its configuration from slurmctld (--conf-server).</summary>
    public bool IsConfigless { get; init; }

    /// <summary>
    /// Looks through the processes below <paramref name="proc"/> for root's slurmd. Several of them (each
    /// with a -N of its own) share one slurm.conf.
    /// </summary>
    public static LocalSlurmd Find(string proc = "/proc")
    {
        LocalSlurmd found = NotRunning;
        foreach (SlurmdProcess process in SlurmdProcess.All(proc))
        {
            SlurmdStart start = process.Start;
            found = new LocalSlurmd(
                start.Told?.Path ?? found.ConfigFile,
                start.Options.NodeName is { } name && !found.NodeNames.Contains(name) ? [.. found.NodeNames, name] : found.NodeNames,
                SqueueBeside(process) ?? found.Squeue)
            {
                Process = process.Id,
                ConfigFrom = start.Options.ConfigFile is not null ? "-f" : start.Variable is not null ? "SLURM_CONF" : found.ConfigFrom,
                IsConfigless = found.IsConfigless || start.Options.IsConfigless,
            };
        }

        return found;
    }

    private static string? SqueueBeside(SlurmdProcess process) =>
        process.Prefix is { } prefix && Path.Combine(prefix, "bin", "squeue") is var squeue && File.Exists(squeue) ? squeue : null;
}
