using System.Globalization;
using HookAgent.Core.Linux;

namespace HookAgent.Core.Time;

/// <summary>
/// The identity of one boot of the node, new at each (random(4)). Written as systemd and the journal write
/// it: 32 lower-case hex digits without dashes.
/// </summary>
public readonly record struct BootId(UInt128 Value)
{
    /// <summary>Where the kernel tells it. In a container, a sandboxed service can see another one there than its neighbours.</summary>
    public const string KernelPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>
    /// A copy in the run directory, which tmpfiles writes: the one that hook and agent agree on, whatever
    /// either of them sees at <see cref="KernelPath"/>.
    /// </summary>
    public const string FileName = "boot-id";

    /// <summary>Digits of the written form.</summary>
    public const int Digits = 32;

    /// <summary>
    /// Reads the id at <paramref name="path"/>; null where there is none, with the error number, or 0 when
    /// the file could be read and is no boot id.
    /// </summary>
    public static BootId? Read(string path, out int errno)
    {
        Span<byte> buffer = stackalloc byte[64];
        int length = SmallFile.Read(path, buffer, out errno);
        if (length < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> line = buffer[..length];
        if (line is [.., (byte)'\n'])
        {
            line = line[..^1];
        }

        return TryParse(line, out BootId id) ? id : null;
    }

    /// <summary>Reads 32 hex digits, with or without dashes among them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out BootId id)
    {
        UInt128 value = 0;
        int digits = 0;
        foreach (byte c in text)
        {
            if (c == '-')
            {
                continue;
            }

            int digit = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
                _ => -1,
            };
            if (digit < 0 || ++digits > Digits)
            {
                id = default;
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        id = new BootId(value);
        return digits == Digits;
    }

    /// <summary>Writes the 32 digits into <paramref name="destination"/>, which must have room for them.</summary>
    public void Format(Span<byte> destination)
    {
        for (int i = 0; i < Digits; i++)
        {
            int digit = (int)((Value >> (4 * (Digits - 1 - i))) & 0xF);
            destination[i] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
