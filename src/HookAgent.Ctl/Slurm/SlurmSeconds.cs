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
        : Parse(value) is not { } seconds || seconds > ushort.MaxValue ? new Unreadable()
        : seconds > Most ? new Infinite() : new Number(seconds);

    /// <summary>As strtoul(3) reads it with base 0: "0x14" is hexadecimal, and "020" octal.</summary>
    private static int? Parse(string value)
    {
        bool isHex = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        int radix = isHex ? 16 : value is ['0', _, ..] ? 8 : 10;
        int number = 0;
        foreach (char sign in isHex ? value[2..] : value)
        {
            int digit = char.IsAsciiHexDigit(sign) ? Convert.ToInt32(sign.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            number = Math.Min((number * radix) + digit, ushort.MaxValue + 1);
        }

        return value.Length > (isHex ? 2 : 0) ? number : null;
    }
}
