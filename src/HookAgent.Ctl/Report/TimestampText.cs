using System.Globalization;
using System.Text;
using HookAgent.Core.Settings;
using HookAgent.Core.Text;

namespace HookAgent.Ctl.Report;

/// <summary>
/// A point in time as an operator writes it: a part of what systemd.time(7) takes, so that it means to journalctl
/// what it means here. A date, a time of today or both ("2026-11-22", "18:30", "2026-11-22 18:30:15"), in local time
/// unless "UTC", "Z" or "+01:00" follows; now, today, yesterday, tomorrow; a span from now ("-2h", "+1min", "2h
/// ago"); "@" and seconds since the Epoch. A date may follow its weekday ("Sun 2026-11-22 18:30 +01:00", as hookctl itself
/// writes), which must be right.
/// </summary>
internal static class TimestampText
{
    /// <summary>The forms, for a complaint.</summary>
    public const string Forms = "'2026-11-22 18:30', 18:30, now, today, yesterday, -2h, '2h ago' or @1795372200";

    private static readonly string[] s_dates =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF",
        "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFF",
    ];

    private static readonly string[] s_times = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFF"];

    private static readonly string[] s_offsets = ["zzz"];

    public static bool TryParse(string text, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset moment)
    {
        text = text.Trim();
        DateTime today = TimeZoneInfo.ConvertTime(now, zone).Date;
        moment = now;
        switch (text)
        {
            case "now":
                return true;
            case "today":
                return Local(today, zone, out moment);
            case "yesterday":
                return Local(today.AddDays(-1), zone, out moment);
            case "tomorrow":
                return Local(today.AddDays(1), zone, out moment);
        }

        if (text.StartsWith('@'))
        {
            return Epoch(text[1..], out moment);
        }

        if (text.StartsWith('-') || text.EndsWith(" ago", StringComparison.Ordinal))
        {
            return Shifted(text.EndsWith(" ago", StringComparison.Ordinal) ? text[..^4] : text[1..], now, -1, out moment);
        }

        return text.StartsWith('+') ? Shifted(text[1..], now, 1, out moment) : Calendar(text, today, zone, out moment);
    }

    /// <summary>Takes the weekday off the front; null where there is none.</summary>
    private static DayOfWeek? Weekday(ref string text)
    {
        string word = text.Split(' ')[0].TrimEnd(',');
        for (DayOfWeek day = DayOfWeek.Sunday; day <= DayOfWeek.Saturday; day++)
        {
            string name = CultureInfo.InvariantCulture.DateTimeFormat.GetDayName(day);
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase) || word.Equals(name[..3], StringComparison.OrdinalIgnoreCase))
            {
                text = text.IndexOf(' ') is > 0 and var end ? text[end..].Trim() : "";
                return day;
            }
        }

        return null;
    }

    private static bool Calendar(string text, DateTime today, TimeZoneInfo zone, out DateTimeOffset moment)
    {
        DayOfWeek? weekday = Weekday(ref text);
        (string local, TimeSpan? offset) = Split(text);
        const DateTimeStyles plain = DateTimeStyles.None;
        if (!DateTime.TryParseExact(local, s_dates, CultureInfo.InvariantCulture, plain, out DateTime written))
        {
            moment = default;
            if (!DateTime.TryParseExact(local, s_times, CultureInfo.InvariantCulture, plain, out DateTime time))
            {
                return false;
            }

            written = today + time.TimeOfDay;
        }

        if (weekday is { } day && day != written.DayOfWeek)
        {
            moment = default;
            return false;
        }

        if (offset is { } given)
        {
            moment = default;
            if (written - DateTime.MinValue <= given.Duration() || DateTime.MaxValue - written <= given.Duration())
            {
                return false;
            }

            moment = new DateTimeOffset(written, given);
            return true;
        }

        return Local(written, zone, out moment);
    }

    /// <summary>Takes a zone off the end.</summary>
    private static (string Local, TimeSpan? Offset) Split(string text)
    {
        foreach (string utc in (string[])["UTC", "Z"])
        {
            if (text.EndsWith(utc, StringComparison.Ordinal))
            {
                return (text[..^utc.Length].TrimEnd(), TimeSpan.Zero);
            }
        }

        const int length = 6; // +01:00
        return text.Length > length && text[^length] is '+' or '-'
            && DateTimeOffset.TryParseExact(text[^length..], s_offsets, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset parsed)
                ? (text[..^length].TrimEnd(), parsed.Offset)
                : (text, null);
    }

    /// <summary>A time that a change of the clocks leaves out is taken as that of the hour before it.</summary>
    private static bool Local(DateTime written, TimeZoneInfo zone, out DateTimeOffset moment)
    {
        TimeSpan offset = zone.GetUtcOffset(DateTime.SpecifyKind(written, DateTimeKind.Unspecified));
        bool fits = written - DateTime.MinValue > offset.Duration() && DateTime.MaxValue - written > offset.Duration();
        moment = fits ? new DateTimeOffset(DateTime.SpecifyKind(written, DateTimeKind.Unspecified), offset) : default;
        return fits;
    }

    private static bool Epoch(string text, out DateTimeOffset moment)
    {
        moment = default;
        if (Digits.Read(Encoding.UTF8.GetBytes(text)) is not { } seconds || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return false;
        }

        moment = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    private static bool Shifted(string text, DateTimeOffset now, int sign, out DateTimeOffset moment)
    {
        moment = now;
        if (!TimeSpanText.TryParse(text, out TimeSpan span)
            || span > (sign < 0 ? now - DateTimeOffset.UnixEpoch : DateTimeOffset.MaxValue - now))
        {
            return false;
        }

        moment = now + (sign * span);
        return true;
    }
}
