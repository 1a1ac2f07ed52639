using System.Text;

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
    /// with a -N of its own) share one slurm.conf. One in a container of this host serves another node.
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

            string[] arguments = Text($"{process}/cmdline").Split('\0');
            string? option = Values(arguments, "-f").FirstOrDefault();
            string? variable = Variable(Text($"{process}/environ"), "SLURM_CONF=");
            found = new LocalSlurmd(
                option ?? variable ?? found.ConfigFile,
                [.. found.NodeNames, .. Values(arguments, "-N").Where(name => !found.NodeNames.Contains(name))],
                SqueueBeside(LinkTarget($"{process}/exe")) ?? found.Squeue)
            {
                Process = int.Parse(Path.GetFileName(process), System.Globalization.CultureInfo.InvariantCulture),
                ConfigFrom = option is not null ? "-f" : variable is not null ? "SLURM_CONF" : found.ConfigFrom,
                IsConfigless = found.IsConfigless || arguments.Any(static word => word.StartsWith("--conf-server", StringComparison.Ordinal)),
            };
        }

        return found;
    }

    /// <summary>The values of an option in getopt(3)'s two forms, "-N name" and "-Nname".</summary>
    private static IEnumerable<string> Values(string[] arguments, string option)
    {
        for (int i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] == option && i + 1 < arguments.Length)
            {
                yield return arguments[++i];
            }
            else if (arguments[i].Length > option.Length && arguments[i].StartsWith(option, StringComparison.Ordinal))
            {
                yield return arguments[i][option.Length..];
            }
        }
    }

    private static string? Variable(string environment, string prefix) => environment.Split('\0')
        .FirstOrDefault(entry => entry.Length > prefix.Length && entry.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private static string? SqueueBeside(string? slurmd)
    {
        string? prefix = Path.GetDirectoryName(Path.GetDirectoryName(slurmd));
        string? squeue = prefix is null ? null : Path.Combine(prefix, "bin", "squeue");
        return File.Exists(squeue) ? squeue : null;
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
