using System.Globalization;

namespace HookAgent.Ctl.Slurm;

/// <summary>
/// Slurm's lists of hosts, such as "com[0-3,07],login1": a bracket holds numbers and ranges, and a number is written
/// with as many digits as the range's first.
/// </summary>
internal static class HostList
{
    /// <summary>Whether a host is one of the list.</summary>
    public static bool Has(string list, string host) => Patterns(list).Any(pattern => Fits(pattern, host));

    /// <summary>Splits at the commas that stand in no bracket.</summary>
    private static IEnumerable<string> Patterns(string list)
    {
        int begin = 0;
        int depth = 0;
        for (int i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (list[i] == ',' && depth == 0)
            {
                yield return list[begin..i];
                begin = i + 1;
            }
        }

        yield return list[begin..];
    }

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        int open = pattern.IndexOf('[');
        if (open < 0)
        {
            return pattern.SequenceEqual(host);
        }

        int close = pattern.IndexOf(']');
        if (close < open || !host.StartsWith(pattern[..open]))
        {
            return false;
        }

        ReadOnlySpan<char> rest = host[open..];
        ReadOnlySpan<char> ranges = pattern[(open + 1)..close];
        for (int digits = 1; digits <= rest.Length && char.IsAsciiDigit(rest[digits - 1]); digits++)
        {
            if (HasNumber(ranges, rest[..digits]) && Fits(pattern[(close + 1)..], rest[digits..]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasNumber(ReadOnlySpan<char> ranges, ReadOnlySpan<char> digits)
    {
        foreach (Range part in ranges.Split(','))
        {
            ReadOnlySpan<char> range = ranges[part];
            int dash = range.IndexOf('-');
            ReadOnlySpan<char> first = dash < 0 ? range : range[..dash];
            ReadOnlySpan<char> last = dash < 0 ? range : range[(dash + 1)..];
            if (TryRead(first, out ulong from) && TryRead(last, out ulong to) && TryRead(digits, out ulong number)
                && number >= from && number <= to
                && digits.SequenceEqual(number.ToString(CultureInfo.InvariantCulture).PadLeft(first.Length, '0')))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryRead(ReadOnlySpan<char> text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
