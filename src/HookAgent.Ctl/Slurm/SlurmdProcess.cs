using System.Globalization;
using System.Text;
using HookAgent.Core.Linux;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>One slurmd that runs on this node, as /proc shows it (proc(5)).</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Start">Its command line and environment, with the path of its slurm.conf as seen from its working directory.</param>
/// <param name="Executable">Its program; null where only root may see it.</param>
/// <param name="SeesOurFiles">Whether it has our mount namespace. Where not, /proc/ID/root leads to its files.</param>
internal sealed record SlurmdProcess(int Id, SlurmdInvocation Start, string? Executable, bool SeesOurFiles)
{
    /// <summary>When it was started, in UTC; null where /proc does not tell.</summary>
    public DateTime? Started { get; init; }

    /// <summary>The prefix that Slurm was installed below, "/usr" of /usr/sbin/slurmd; null where the program is not known.</summary>
    public string? Prefix => Path.GetDirectoryName(Path.GetDirectoryName(Executable));

    /// <summary>A client program that was installed with it; null where there is none beside it.</summary>
    public string? FindProgram(string program) =>
        Prefix is { } prefix && Path.Combine(prefix, "bin", program) is var beside && File.Exists(beside) ? beside : null;

    /// <summary>Root's processes of the name slurmd. One in a container of this host serves another node.</summary>
    /// <param name="proc">Where /proc lies.</param>
    public static IReadOnlyList<SlurmdProcess> All(string proc)
    {
        string? pidNamespace = LinkTarget($"{proc}/self/ns/pid");
        string? mountNamespace = LinkTarget($"{proc}/self/ns/mnt");
        List<SlurmdProcess> found = [];
        foreach (string process in Directory.Exists(proc) ? Directory.EnumerateDirectories(proc) : [])
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || Text($"{process}/comm").TrimEnd('\n') != "slurmd"
                || !Text($"{process}/status").Contains("\nUid:\t0\t", StringComparison.Ordinal)
                || LinkTarget($"{process}/ns/pid") is { } itsPids && itsPids != pidNamespace)
            {
                continue;
            }

            string[] words = Text($"{process}/cmdline").Split('\0');
            string folder = LinkTarget($"{process}/cwd") ?? "/";
            SlurmdOptions options = SlurmdOptions.Parse(words.Length > 1 ? words[1..] : []);
            SlurmdInvocation start = new(
                $"slurmd (process {id})",
                options with { ConfigFile = Absolute(folder, options.ConfigFile) },
                Absolute(folder, Variable(Text($"{process}/environ"), "SLURM_CONF=")));
            bool seesOurs = LinkTarget($"{process}/ns/mnt") is not { } itsMounts || itsMounts == mountNamespace;
            found.Add(new SlurmdProcess(id, start, LinkTarget($"{process}/exe"), seesOurs) { Started = TimeProvider.System.GetUtcNow().UtcDateTime - AgeOf(proc, process) });
        }

        return found;
    }

    /// <summary>Of its start time, in ticks since boot, of which all architectures have 100 a second.</summary>
    private static TimeSpan? AgeOf(string proc, string process)
    {
        const int ticks = 100;
        const int startTime = 22;
        string upTime = Text($"{proc}/uptime").Split(' ')[0];
        return long.TryParse(ProcessStat.Field(Text($"{process}/stat"), startTime), NumberStyles.None, CultureInfo.InvariantCulture, out long started)
            && double.TryParse(upTime, NumberStyles.Float, CultureInfo.InvariantCulture, out double up)
            ? TimeSpan.FromSeconds(up - ((double)started / ticks))
            : null;
    }

    private static string? Absolute(string folder, string? path) => path is null ? null : Path.Combine(folder, path);

    private static string? Variable(string environment, string prefix) => environment.Split('\0')
        .FirstOrDefault(entry => entry.Length > prefix.Length && entry.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

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

/// <summary>What one slurmd was started with, or would be.</summary>
/// <param name="Name">As messages name it: "slurmd (process 73)", "slurmd.service".</param>
/// <param name="Options">Its command line.</param>
/// <param name="Variable">SLURM_CONF of its environment; null where that is not set or empty.</param>
internal sealed record SlurmdInvocation(string Name, SlurmdOptions Options, string? Variable)
{
    /// <summary>The slurm.conf it was told to use. -f comes before SLURM_CONF (slurmd(8)); null where neither is there.</summary>
    public SlurmConfLocation? Configured => (Options.ConfigFile, Variable) switch
    {
        ({ } option, _) => new SlurmConfLocation(option, $"-f of {Name}"),
        (null, { } variable) => new SlurmConfLocation(variable, $"SLURM_CONF of {Name}"),
        _ => null,
    };
}

/// <summary>
/// What the slurmd of this node knows and Slurm's programs have to be told: a site may keep its slurm.conf and its
/// programs anywhere, and only slurmd's own environment and command line say where.
/// </summary>
/// <param name="Running">Every slurmd of this node. There may be several, each with a -N of its own.</param>
internal sealed record LocalSlurmd(IReadOnlyList<SlurmdProcess> Running)
{
    /// <summary>Its process id; null where it does not run.</summary>
    public int? Process => Running is [.., var last] ? last.Id : null;

    /// <summary>From -N, which runs a node under another name than the host's.</summary>
    public IReadOnlyList<string> NodeNames => [.. Running.Select(static slurmd => slurmd.Start.Options.NodeName).OfType<string>().Distinct()];

    /// <summary>The node of the slurmd that started last: the host's, where no -N gives another (slurmd(8)).</summary>
    public string NodeName => NodeNames is [.., var last] ? last : HostName.Short;

    /// <summary>Looks through the processes below <paramref name="proc"/>.</summary>
    public static LocalSlurmd Find(string proc = "/proc") => new(SlurmdProcess.All(proc));

    /// <summary>A program of Slurm's that was installed with slurmd; null where there is none beside it.</summary>
    public string? FindProgram(string program) => Running.Select(slurmd => slurmd.FindProgram(program)).LastOrDefault(static path => path is not null);
}
