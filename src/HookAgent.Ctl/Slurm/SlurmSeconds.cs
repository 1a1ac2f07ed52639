using System.Globalization;

namespace HookAgent.Ctl.Slurm;

/// <summary>A number of seconds of a slurm.conf, in Slurm's 16 bits (s_p_handle_uint16() of src/common/parse_config.c).</summary>
internal abstract record SlurmSeconds
{
    private const ushort Most = 65533;

    private SlurmSeconds()
    {
    }

    public sealed record Number(int Count) : SlurmSeconds;

    /// <summary>No limit.</summary>
    public sealed record Infinite : SlurmSeconds;

    /// <summary>Slurm refuses the file for it.</summary>
    public sealed record Unreadable : SlurmSeconds;

    public static SlurmSeconds Read(string value) =>
        value.Equals("INFINITE", StringComparison.OrdinalIgnoreCase) || value.Equals("UNLIMITED", StringComparison.OrdinalIgnoreCase) ? new Infinite()
        : !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds > ushort.MaxValue ? new Unreadable()
        : seconds > Most ? new Infinite() : new Number(seconds);
}
