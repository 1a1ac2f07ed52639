using System.Globalization;
using System.Text;

namespace HookAgent.Core.Settings;

/// <summary>
/// Time spans as systemd.time(7) writes them: "10", "500ms", "1min 30s", "2h", "1.5s". The grammar is
/// parse_time()'s, the output format_timespan()'s, both in systemd's src/basic/time-util.c; microseconds are
/// the finest unit, and what is finer is cut off.
/// </summary>
public static class TimeSpanText
{
    /// <summary>What "infinity" is read as, and the only span written so.</summary>
    public static readonly TimeSpan Infinity = TimeSpan.MaxValue;

    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private const long Week = 7 * Day;
    private const long Month = 2_629_800 * Second;
    private const long Year = 31_557_600 * Second;

    private const long MostMicroseconds = long.MaxValue / TimeSpan.TicksPerMicrosecond;

    // A name comes before its own beginnings, so that the first that fits is the longest.
    private static readonly (string Name, long Microseconds)[] Units =
    [
        ("seconds", Second), ("second", Second), ("sec", Second), ("s", Second),
        ("minutes", Minute), ("minute", Minute), ("min", Minute),
        ("months", Month), ("month", Month), ("M", Month),
        ("msec", 1000), ("ms", 1000), ("m", Minute),
        ("hours", Hour), ("hour", Hour), ("hr", Hour), ("h", Hour),
        ("days", Day), ("day", Day), ("d", Day),
        ("weeks", Week), ("week", Week), ("w", Week),
        ("years", Year), ("year", Year), ("y", Year),
        ("usec", 1), ("us", 1), ("\u03bcs", 1), ("\u00b5s", 1),
    ];

    private static readonly (string Name, long Microseconds)[] Written =
    [
        ("y", Year), ("month", Month), ("w", Week), ("d", Day), ("h", Hour), ("min", Minute), ("s", Second),
        ("ms", 1000), ("us", 1),
    ];

    /// <summary>
    /// Reads a span of 0 to 29,000 years, a bare number as seconds; false for anything systemd would refuse,
    /// a negative span and an empty text among them.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan span)
    {
        span = default;
        ReadOnlySpan<char> rest = Trimmed(text);
        if (rest.TrimEnd(" \t\n\r").SequenceEqual("infinity"))
        {
            span = Infinity;
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        Int128 total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakeTerm(ref rest, out Int128 term) || (total += term) > MostMicroseconds)
            {
                return false;
            }

            rest = Trimmed(rest);
        }

        span = TimeSpan.FromTicks((long)total * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    /// <summary>
    /// Writes a span so that <see cref="TryParse"/> reads it again: whole units, and what is under a minute
    /// as one decimal number ("1min 30s", "1.500000s"). What is smaller than <paramref name="accuracy"/> (a
    /// power of ten of microseconds, 1 µs unless told) is left away. A span of 0 or less is "0".
    /// </summary>
    public static string Format(TimeSpan span, TimeSpan accuracy = default)
    {
        if (span == Infinity)
        {
            return "infinity";
        }

        long left = span.Ticks / TimeSpan.TicksPerMicrosecond;
        long finest = Math.Max(1, accuracy.Ticks / TimeSpan.TicksPerMicrosecond);
        StringBuilder text = new();
        foreach ((string name, long unit) in Written)
        {
            if (left < unit || (left < finest && text.Length > 0))
            {
                continue;
            }

            (long whole, long rest) = Math.DivRem(left, unit);
            text.Append(text.Length > 0 ? " " : "").Append(whole);
            if (left < Minute && rest > 0 && unit > finest)
            {
                int digits = Digits(unit) - Digits(finest);
                text.Append('.').Append((rest / finest).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0'));
                rest = 0;
            }

            text.Append(name);
            left = rest;
        }

        return text.Length > 0 ? text.ToString() : "0";
    }

    private static int Digits(long powerOfTen)
    {
        int digits = 0;
        for (; powerOfTen > 1; powerOfTen /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> text) => text.TrimStart(" \t\n\r");

    /// <summary>Takes one number with its unit off the front; adding them up is the caller's.</summary>
    private static bool TryTakeTerm(ref ReadOnlySpan<char> rest, out Int128 microseconds)
    {
        microseconds = 0;
        ReadOnlySpan<char> text = rest;
        if (text[0] == '+' && text.Length > 1 && char.IsAsciiDigit(text[1]))
        {
            text = text[1..];
        }

        ReadOnlySpan<char> whole = text[..DigitCount(text)];
        text = text[whole.Length..];
        ReadOnlySpan<char> fraction = default;
        if (text.StartsWith("."))
        {
            fraction = text.Slice(1, DigitCount(text[1..]));
            text = text[(1 + fraction.Length)..];
            if (fraction.IsEmpty)
            {
                return false;
            }
        }

        // More digits than this would be out of range with any unit.
        if ((whole.IsEmpty && fraction.IsEmpty) || whole.TrimStart('0').Length > 20)
        {
            return false;
        }

        long unit = TakeUnit(ref text, out bool found);
        if (!found && text.StartsWith("."))
        {
            return false;
        }

        Int128 number = whole.IsEmpty ? 0 : Int128.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        microseconds = number * unit;
        foreach (char digit in fraction)
        {
            unit /= 10;
            microseconds += (digit - '0') * unit;
        }

        rest = text;
        return true;
    }

    private static long TakeUnit(ref ReadOnlySpan<char> text, out bool found)
    {
        ReadOnlySpan<char> name = Trimmed(text);
        foreach ((string known, long microseconds) in Units)
        {
            if (name.StartsWith(known, StringComparison.Ordinal))
            {
                text = name[known.Length..];
                found = true;
                return microseconds;
            }
        }

        found = false;
        return Second;
    }

    private static int DigitCount(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
