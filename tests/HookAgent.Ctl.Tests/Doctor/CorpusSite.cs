namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>What one release of Slurm made of a set-up, as tests/doctor/record has seen it.</summary>
/// <param name="Version">"22.05.8".</param>
/// <param name="Starts">Whether slurmd and slurmctld come up with it.</param>
/// <param name="Alloc">Whether the hook runs when the node is allocated, without a step.</param>
/// <param name="Prolog">Whether the hook runs as Prolog, at the latest at the first step.</param>
/// <param name="Epilog">Whether it runs as Epilog.</param>
/// <param name="Drains">Whether a job leaves the node drained.</param>
public sealed record SlurmVerdict(string Version, bool Starts, bool Alloc, bool Prolog, bool Epilog, bool Drains)
{
    /// <summary>In words, for a table.</summary>
    public string Words => !Starts ? "Slurm does not start"
        : (Prolog, Epilog) switch { (true, true) => Alloc ? "runs" : "runs at the first step", (true, false) => "Prolog alone", (false, true) => "Epilog alone", _ => "does not run" }
            + (Drains ? ", drains" : "");

    /// <summary>Reads "slurm 22.05.8 up=yes alloc=yes prolog=yes epilog=yes node=idle"; null for another line.</summary>
    public static SlurmVerdict? Parse(string line) => line.Split(' ') is ["slurm", var version, var up, var alloc, var prolog, var epilog, var node]
        ? new SlurmVerdict(version, up == "up=yes", alloc == "alloc=yes", prolog == "prolog=yes", epilog == "epilog=yes", node == "node=drained")
        : null;
}

/// <summary>A set-up of tests/doctor/corpus, put below a folder.</summary>
internal static class CorpusSite
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<SlurmVerdict> Verdicts(string name) => [.. Lines(name).Select(SlurmVerdict.Parse).OfType<SlurmVerdict>()];

    /// <summary>As tests/doctor/lib/in-node does it in a node.</summary>
    public static void Apply(string name, HealthySite site)
    {
        Directory.Delete(site.Real("/etc/slurm"), recursive: true);
        site.Slurmd("slurmd", "-D", "-s");
        string environment = "PATH=/usr/bin\0";
        string? into = null;
        foreach (string line in Lines(name))
        {
            if (line.StartsWith('\t'))
            {
                File.AppendAllText(site.Real(into!), $"{line[1..]}\n");
                continue;
            }

            switch (line.Split(' '))
            {
                case ["conf", .. var path]:
                    into = path is [var told] ? told : "/etc/slurm/slurm.conf";
                    site.Write(into, File.ReadAllText(Path.Combine(Folder, "..", "corpus-base")));
                    break;
                case ["file", var mode, var path]:
                    into = path;
                    site.Write(path, "");
                    File.SetUnixFileMode(site.Real(path), (UnixFileMode)Convert.ToInt32(mode, 8));
                    break;
                case ["link", var path, var target]:
                    site.Link(path, target);
                    break;
                case ["folder", var path]:
                    Directory.CreateDirectory(site.Real(path));
                    break;
                case ["crlf", var path]:
                    File.WriteAllText(site.Real(path), File.ReadAllText(site.Real(path)).Replace("\n", "\r\n", StringComparison.Ordinal));
                    break;
                case ["bom", var path]:
                    File.WriteAllBytes(site.Real(path), [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(site.Real(path))]);
                    break;
                case ["noexec", var path]:
                    site.Write("/proc/100/mountinfo", $"20 1 8:1 / / rw,relatime - ext4 /dev/a rw\n30 20 8:1 / {path} rw,noexec,relatime - ext4 /dev/a rw\n");
                    break;
                case ["unit", var setting] when setting.StartsWith("Environment=", StringComparison.Ordinal):
                    environment += $"{setting["Environment=".Length..]}\0";
                    break;
                case ["unit", "ExecStart=/usr/sbin/slurmd", .. var options]:
                    site.Slurmd(["slurmd", .. options]);
                    break;
                case ["later"]:
                    site.Started(TimeSpan.FromHours(1));
                    break;
            }
        }

        site.Write("/proc/100/environ", environment);
    }

    private static string[] Lines(string name) => File.ReadAllLines(Path.Combine(Folder, name));
}
