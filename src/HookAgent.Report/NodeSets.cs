using System.Globalization;
using HookAgent.Core.Text;

namespace HookAgent.Report;

/// <summary>Writes host names as Slurm does ("com[0-2,007-010],login"), as "scontrol show hostlist" would of a sorted list.</summary>
internal static class NodeSets
{
    /// <summary>A number of more digits is not counted with.</summary>
    private const int MostDigits = 18;

    public static string Of(IEnumerable<string> names)
    {
        List<string> sets = [];
        foreach (IGrouping<string, HostNumber> set in names.Select(HostNumber.Of).GroupBy(static host => $"{host.Prefix}/{host.Width}"))
        {
            HostNumber first = set.First();
            long[] numbers = [.. set.Where(static host => host.IsNumbered).Select(static host => host.Number).Distinct().Order()];
            sets.Add(numbers.Length switch
            {
                0 => first.Prefix,
                1 => first.Prefix + Digits(numbers[0], first.Width),
                _ => $"{first.Prefix}[{string.Join(',', NumberRanges.Of(numbers, number => Digits(number, first.Width)))}]",
            });
        }

        return string.Join(',', sets);
    }

    private static string Digits(long number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');

    /// <param name="Prefix">The whole name where it ends in no number.</param>
    /// <param name="Width">How many digits a number has that begins with zeros, otherwise 0, or -1 without a number: "com1" and "com01" are two hosts.</param>
    private sealed record HostNumber(string Prefix, int Width, bool IsNumbered, long Number)
    {
        public static HostNumber Of(string name)
        {
            int digits = name.Length;
            while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
            {
                digits--;
            }

            ReadOnlySpan<char> number = name.AsSpan(digits);
            return number.Length is 0 or > MostDigits
                ? new HostNumber(name, -1, IsNumbered: false, 0)
                : new HostNumber(
                    name[..digits], number.Length > 1 && number[0] == '0' ? number.Length : 0, IsNumbered: true,
                    long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }
}
