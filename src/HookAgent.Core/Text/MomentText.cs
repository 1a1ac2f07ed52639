using System.Globalization;

namespace HookAgent.Core.Text;

/// <summary>A point in time as people read it, and as systemd writes it: "Thu 2026-11-26 16:30:00 CET".</summary>
public static class MomentText
{
    public static string Of(DateTimeOffset moment, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(moment, zone);
        return $"{local.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {ZoneOf(moment, zone)}";
    }

    /// <summary>The name that the zone has at that time, as the zone files have it; where they have none, its distance from UTC.</summary>
    public static string ZoneOf(DateTimeOffset moment, TimeZoneInfo zone)
    {
        const int longest = 6;
        string name = zone.IsDaylightSavingTime(moment) ? zone.DaylightName : zone.StandardName;
        return name.Length is > 0 and <= longest && name.All(char.IsAsciiLetter) ? name
            : zone.HasSameRules(TimeZoneInfo.Utc) ? "UTC"
            : TimeZoneInfo.ConvertTime(moment, zone).ToString("zzz", CultureInfo.InvariantCulture);
    }
}
