using System.Text;

namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// What the slurmd of this node knows and squeue has to be told: a site may keep its slurm.conf and its
/// programs anywhere, and only slurmd's own environment and command line say where.
/// </summary>
/// <param name="ConfigFile">Its slurm.conf, from -f or SLURM_CONF; null where it uses its built-in path.</param>
/// <param name="NodeNames">From -N, which runs a node under another name than the host's.</param>
/// <param name="Programs">The folder of the commands that were installed with it; null where there is none beside it.</param>
internal sealed record LocalSlurmd(string? ConfigFile, IReadOnlyList<string> NodeNames, string? Programs)
{
    public static LocalSlurmd NotRunning { get; } = new(null, [], null);

    /// <summary>What each running slurmd was told, its slurm.conf also by SLURM_CONF.</summary>
    public IReadOnlyList<SlurmdCommandLine> Running { get; init; } = [];

    /// <summary>A command of Slurm's that was installed with slurmd; null where there is none beside it.</summary>
    public string? Beside(string command) =>
        Programs is not null && Path.Combine(Programs, command) is var path && File.Exists(path) ? path : null;

    /// <summary>Its process id; null where it does not run.</summary>
    public int? Process { get; init; }

    /// <summary>What <see cref="ConfigFile"/> was taken from: "-f" or "SLURM_CONF".</summary>
    public string? ConfigFrom { get; init; }

    /// <summary>Whether it was told to take its configuration from slurmctld (--conf-server).</summary>
    public bool IsConfigless { get; init; }

    /// <summary>
    /// Looks through the processes below <paramref name="proc"/> for root's slurmd. There may be several of them (each
    /// with a -N of its own). One in a container of this host serves another node.
    /// </summary>
    public static LocalSlurmd Find(string proc = "/proc")
    {
        LocalSlurmd found = NotRunning;
        string? ours = LinkTarget($"{proc}/self/ns/pid");
        foreach (string process in Directory.EnumerateDirectories(proc))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0])
                || Text($"{process}/comm").TrimEnd('\n') != "slurmd"
                || !Text($"{process}/status").Contains("\nUid:\t0\t", StringComparison.Ordinal)
                || LinkTarget($"{process}/ns/pid") is { } theirs && theirs != ours)
            {
                continue;
            }

            SlurmdCommandLine told = SlurmdCommandLine.Parse(Text($"{process}/cmdline").Split('\0'));
            string? option = told.ConfigFile;
            string? variable = Variable(Text($"{process}/environ"), "SLURM_CONF=");
            found = new LocalSlurmd(
                option ?? variable ?? found.ConfigFile,
                told.NodeName is { } name && !found.NodeNames.Contains(name) ? [.. found.NodeNames, name] : found.NodeNames,
                ProgramsBeside(LinkTarget($"{process}/exe")) ?? found.Programs)
            {
                Process = int.Parse(Path.GetFileName(process), System.Globalization.CultureInfo.InvariantCulture),
                ConfigFrom = option is not null ? "-f" : variable is not null ? "SLURM_CONF" : found.ConfigFrom,
                IsConfigless = found.IsConfigless || told.IsConfigless,
                Running = [.. found.Running, told with { ConfigFile = option ?? variable }],
            };
        }

        return found;
    }

    private static string? Variable(string environment, string prefix) => environment.Split('\0')
        .FirstOrDefault(entry => entry.Length > prefix.Length && entry.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private static string? ProgramsBeside(string? slurmd)
    {
        string? prefix = Path.GetDirectoryName(Path.GetDirectoryName(slurmd));
        string? programs = prefix is null ? null : Path.Combine(prefix, "bin");
        return File.Exists($"{programs}/squeue") ? programs : null;
    }

    /// <summary>What cannot be read belongs to a process that has just ended: it counts as empty.</summary>
    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? LinkTarget(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
