using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>Where the slurm.conf of this node is, and by what it was found.</summary>
internal sealed record SlurmConfLocation(string Path, string FoundBy)
{
    /// <summary>Where slurmd keeps what slurmctld sends it on a configless cluster: a link to the cache below its spool folder.</summary>
    private const string Configless = "/run/slurm/conf/slurm.conf";

    private const string CachedConf = "conf-cache/slurm.conf";

    private static readonly string[] BuiltIn =
        ["/etc/slurm/slurm.conf", Configless, "/usr/local/etc/slurm.conf", "/etc/slurm-llnl/slurm.conf", "/opt/slurm/etc/slurm.conf"];

    /// <summary>SlurmdSpoolDir of packages; slurm.conf(5) has /var/spool/slurmd.</summary>
    private static readonly string[] SpoolFolders = ["/var/spool/slurmd", "/var/spool/slurm/d", "/var/lib/slurm/slurmd"];

    /// <summary>Whether slurmctld sent it: slurmd wrote the file itself when it last read its configuration.</summary>
    public bool IsFromSlurmctld => Path == Configless || Path.EndsWith($"/{CachedConf}", StringComparison.Ordinal);

    /// <summary>What one running slurmd reads, in the order in which it looks (slurmd(8)); null where none is there.</summary>
    /// <param name="root">The files as that slurmd sees them.</param>
    /// <param name="slurmd">The process.</param>
    /// <param name="clusters">What scontrol says of its own slurm.conf, and of slurmd's spool folder.</param>
    public static SlurmConfLocation? Of(SystemRoot root, SlurmdProcess slurmd, IReadOnlyList<SlurmctldConfig> clusters)
    {
        if (slurmd.Start is { Options.IsConfigless: false, Configured: { } told })
        {
            return told;
        }

        IEnumerable<SlurmConfLocation> own = slurmd.Start.Options.IsConfigless || slurmd.Prefix is not { } prefix
            ? []
            : [new($"{prefix}/etc/slurm.conf", "beside slurmd"), new($"{prefix}/etc/slurm/slurm.conf", "beside slurmd")];
        return own.Concat(Usual(clusters, slurmd.Start.Options.NodeName))
            .FirstOrDefault(place => (place.IsFromSlurmctld || !slurmd.Start.Options.IsConfigless) && root.IsFile(place.Path));
    }

    /// <summary>Where a slurmd without -f and SLURM_CONF may look, whatever prefix it was built for.</summary>
    /// <param name="clusters">What slurmctld says.</param>
    /// <param name="nodeName">The node's name from -N; null for the host's.</param>
    public static IEnumerable<SlurmConfLocation> Usual(IReadOnlyList<SlurmctldConfig> clusters, string? nodeName = null) =>
    [
        .. clusters.Select(static config => config.Value("SLURM_CONF")).OfType<string>().Select(static path => new SlurmConfLocation(path, "SLURM_CONF of scontrol show config")),
        .. BuiltIn.Select(static path => new SlurmConfLocation(path, "a usual place")),
        .. clusters.Select(static config => config.Value("SlurmdSpoolDir")).OfType<string>().Concat(SpoolFolders)
            .Select(folder => new SlurmConfLocation($"{OfThisNode(folder, nodeName)}/{CachedConf}", "what slurmctld sent")),
    ];

    /// <summary>"%h" stands for the host's name and "%n" for the node's (slurm.conf(5)).</summary>
    private static string OfThisNode(string folder, string? nodeName) =>
        folder.Replace("%h", HostName.Short, StringComparison.Ordinal).Replace("%n", nodeName ?? HostName.Short, StringComparison.Ordinal).TrimEnd('/');
}
