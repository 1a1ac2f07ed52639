namespace HookAgent.Core.Text;

/// <summary>
/// Whole numbers from 0 as plain digits, the only form that our files and Slurm's variables use: no sign, no
/// space, no separator. A fraction of the code and the time of the general parser and formatter.
/// </summary>
public static class Digits
{
    /// <summary>The most digits that <see cref="Write"/> needs.</summary>
    public const int Most = 19;

    /// <summary>Reads all of <paramref name="text"/>; null if it is anything but digits, or over 63 bits.</summary>
    public static long? Read(ReadOnlySpan<byte> text)
    {
        long value = 0;
        foreach (byte c in text)
        {
            int digit = c - '0';
            if (digit is < 0 or > 9 || value > (long.MaxValue - digit) / 10)
            {
                return null;
            }

            value = (value * 10) + digit;
        }

        return text.IsEmpty ? null : value;
    }

    /// <summary>The same of a number of 32 bits.</summary>
    public static uint? ReadUInt32(ReadOnlySpan<byte> text) =>
        Read(text) is { } value and <= uint.MaxValue ? (uint)value : null;

    /// <summary>Writes <paramref name="value"/>, which is 0 or more, and returns how many digits that took.</summary>
    public static int Write(long value, Span<byte> destination)
    {
        int length = 1;
        for (long rest = value / 10; rest != 0; rest /= 10)
        {
            length++;
        }

        for (int i = length - 1; i >= 0; i--)
        {
            (value, long digit) = Math.DivRem(value, 10);
            destination[i] = (byte)('0' + digit);
        }

        return length;
    }
}
