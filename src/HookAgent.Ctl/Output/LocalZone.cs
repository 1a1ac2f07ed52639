using System.Globalization;

namespace HookAgent.Ctl.Output;

/// <summary>
/// The time zone of the operator. TZ may also be written as POSIX has it ("CET-1CEST,M3.5.0,M10.5.0/3"), which .NET takes
/// for UTC without a word.
/// </summary>
internal static class LocalZone
{
    private static readonly string Named = Environment.GetEnvironmentVariable("TZ") ?? "";

    private static readonly TimeZoneInfo? Understood = IsKnown(Named) ? TimeZoneInfo.Local : Parse(Named);

    private static bool s_isTold;

    /// <summary>The zone; UTC where TZ is not understood, which the operator is told once.</summary>
    public static TimeZoneInfo For(Terminal terminal)
    {
        if (Understood is null && !s_isTold)
        {
            s_isTold = true;
            terminal.Complain($"TZ={Terminal.Printable(Named)} is no time zone that is known here; times are in UTC");
        }

        return Understood ?? TimeZoneInfo.Utc;
    }

    /// <summary>A zone of the operating system's, by name or by file, or none.</summary>
    private static bool IsKnown(string text) => text.Length == 0 || text[0] is ':' or '/' || TimeZoneInfo.TryFindSystemTimeZoneById(text, out _);

    /// <summary>Reads a zone as POSIX writes it (tzset(3)), with rules of the form Mm.w.d; null where it is none.</summary>
    public static TimeZoneInfo? Parse(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (!TryName(ref rest, out string standard) || !TryOffset(ref rest, out TimeSpan west))
        {
            return null;
        }

        if (rest.IsEmpty)
        {
            return TimeZoneInfo.CreateCustomTimeZone(text, -west, standard, standard);
        }

        TimeSpan summerWest = west - TimeSpan.FromHours(1);
        if (!TryName(ref rest, out string summer) || (!rest.IsEmpty && rest[0] != ',' && !TryOffset(ref rest, out summerWest)))
        {
            return null;
        }

        // Without rules glibc takes those of the United States.
        string[] rules = rest.IsEmpty ? ["M3.2.0", "M11.1.0"] : rest[1..].ToString().Split(',');
        return rules is [var begin, var end] && Transition(begin) is { } from && Transition(end) is { } to
            ? TimeZoneInfo.CreateCustomTimeZone(
                text, -west, standard, standard, summer,
                [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, west - summerWest, from, to)])
            : null;
    }

    /// <summary>Letters, or anything in angle brackets.</summary>
    private static bool TryName(ref ReadOnlySpan<char> rest, out string name)
    {
        const int least = 3;
        int length = rest.StartsWith("<") ? rest.IndexOf('>') + 1 : rest.Length - rest.TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz").Length;
        name = rest[..length].Trim("<>").ToString();
        rest = rest[length..];
        return name.Length >= least;
    }

    /// <summary>"-5:30": hours to the west, with minutes and seconds.</summary>
    private static bool TryOffset(ref ReadOnlySpan<char> rest, out TimeSpan offset)
    {
        bool isEast = rest.StartsWith("-");
        rest = rest.StartsWith("-") || rest.StartsWith("+") ? rest[1..] : rest;
        int length = rest.Length - rest.TrimStart("0123456789:").Length;
        bool isTime = TryTime(rest[..length].ToString(), out offset) && offset <= TimeSpan.FromHours(14);
        offset = isEast ? -offset : offset;
        rest = rest[length..];
        return isTime;
    }

    private static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        TimeSpan unit = TimeSpan.FromHours(1);
        foreach (string part in text.Split(':'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > 59)
            {
                return false;
            }

            time += number * unit;
            unit /= 60;
        }

        return true;
    }

    /// <summary>"M3.5.0/2": the fifth, which is the last, Sunday of March, at two.</summary>
    private static TimeZoneInfo.TransitionTime? Transition(string rule)
    {
        string[] parts = rule.Split('/');
        TimeSpan at = TimeSpan.FromHours(2);
        return rule.StartsWith('M') && parts[0][1..].Split('.') is [var month, var week, var day]
            && int.TryParse(month, out int m) && m is >= 1 and <= 12 && int.TryParse(week, out int w) && w is >= 1 and <= 5 && int.TryParse(day, out int d) && d is >= 0 and <= 6
            && (parts.Length == 1 || (parts.Length == 2 && TryTime(parts[1], out at) && at < TimeSpan.FromDays(1)))
            ? TimeZoneInfo.TransitionTime.CreateFloatingDateRule(DateTime.MinValue + at, m, w, (DayOfWeek)d)
            : null;
    }
}
