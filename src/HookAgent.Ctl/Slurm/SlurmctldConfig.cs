using System.Globalization;

namespace HookAgent.Ctl.Slurm;

/// <summary>The answer of slurmctld when it is asked for its configuration.</summary>
internal abstract record SlurmctldAnswer
{
    private SlurmctldAnswer()
    {
    }

    public sealed record Answered(SlurmctldConfig Config) : SlurmctldAnswer;

    public sealed record Failed(string Sentence) : SlurmctldAnswer;
}

/// <summary>A key that scontrol prints, and its value; "(null)" is what is not set.</summary>
internal sealed record SlurmctldLine(string Key, string Value)
{
    public bool IsSet => Value is not ("" or "(null)");
}

/// <summary>
/// What <c>scontrol show config</c> prints: the configuration that slurmctld read last, which is not what a slurmd
/// read last.
/// </summary>
/// <param name="Lines">In their order.</param>
internal sealed record SlurmctldConfig(IReadOnlyList<SlurmctldLine> Lines)
{
    /// <summary>scontrol itself waits for up to 10 s for a slurmctld that is not there.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>What the first line of the answer begins with; slurmctld's clock follows (_fill_ctld_conf in its proc_req.c).</summary>
    private const string AsOf = "Configuration data as of ";

    /// <summary>When the answer was there, by this machine's clock, in UTC; null where nobody was asked.</summary>
    public DateTime? Heard { get; init; }

    /// <summary>When slurmctld gave it, by its own clock; null where it does not say so.</summary>
    private DateTime? Spoke { get; init; }

    /// <param name="program">scontrol's path, or its name for a search along PATH.</param>
    /// <param name="configFile">The slurm.conf to use; null for scontrol's default.</param>
    public static SlurmctldAnswer Ask(string program, string? configFile) =>
        SlurmProgram.Run(program, ["show", "config"], configFile, Timeout) switch
        {
            ProgramResult.Printed printed when Parse(printed.Output) is { Lines.Count: > 0 } config => new SlurmctldAnswer.Answered(config with { Heard = TimeProvider.System.GetUtcNow().UtcDateTime }),
            ProgramResult.Printed => new SlurmctldAnswer.Failed($"{program} printed no configuration"),
            ProgramResult.Failed failed => new SlurmctldAnswer.Failed(failed.Sentence),
            _ => throw new InvalidOperationException("a result that is neither"),
        };

    public static SlurmctldConfig Parse(string output)
    {
        List<SlurmctldLine> lines = [];
        foreach (string line in output.Split('\n'))
        {
            int equals = line.IndexOf('=');
            if (equals > 0)
            {
                lines.Add(new SlurmctldLine(line[..equals].Trim(), line[(equals + 1)..].Trim()));
            }
        }

        return new SlurmctldConfig(lines)
        {
            Spoke = Time(output.Split('\n').FirstOrDefault(static line => line.StartsWith(AsOf, StringComparison.Ordinal))?[AsOf.Length..].Trim()),
        };
    }

    /// <summary>
    /// The programs of Prolog= or Epilog=, each a path or a pattern. Up to Slurm 23.11 a key has one value; from 24.05
    /// each has a line of its own, "Prolog[0]".
    /// </summary>
    public IEnumerable<string> Programs(string key) => Lines
        .Where(line => line.IsSet && (line.Key.Equals(key, StringComparison.OrdinalIgnoreCase) || line.Key.StartsWith($"{key}[", StringComparison.OrdinalIgnoreCase)))
        .Select(static line => line.Value);

    /// <summary>A key's value; null where it is not set.</summary>
    public string? Value(string key) =>
        Lines.FirstOrDefault(line => line.IsSet && line.Key.Equals(key, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>
    /// Whether slurmctld, up already when the file changed, has read it since: scontrol's file and slurmctld's are the
    /// same to the last comment (HASH_VAL). Only "scontrol reconfigure" makes it do that, which has every slurmd read the
    /// file, too. Of a slurmctld that started after the change nothing is known: its start tells no slurmd.
    /// </summary>
    /// <param name="changed">When the slurm.conf that scontrol itself has read was changed last.</param>
    public bool HasToldSlurmdSince(DateTime changed) =>
        Value("HASH_VAL") == "Match" && LatestStart < changed;

    /// <summary>
    /// When slurmctld started at the latest, by this machine's clock: that of slurmctld's machine may be another, but tells
    /// for how long it has run. That is in whole seconds, so it may have started up to a second later.
    /// </summary>
    private DateTime? LatestStart => Heard - (Spoke - Time(Value("BOOT_TIME"))) + TimeSpan.FromSeconds(1);

    /// <summary>A time that scontrol prints in this machine's time zone; in UTC.</summary>
    private static DateTime? Time(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out DateTime time)
            ? time
            : null;
}
