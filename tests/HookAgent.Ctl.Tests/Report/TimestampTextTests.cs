using System.Globalization;
using HookAgent.Ctl.Report;

namespace HookAgent.Ctl.Tests.Report;

public sealed class TimestampTextTests
{
    /// <summary>One hour east of UTC, two in summer.</summary>
    private static readonly TimeZoneInfo s_zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 18, 30, 15, TimeSpan.Zero);

    [Theory]
    [InlineData("now", "2026-11-22 18:30:15")]
    [InlineData("today", "2026-11-21 23:00:00")]
    [InlineData("yesterday", "2026-11-20 23:00:00")]
    [InlineData("tomorrow", "2026-11-22 23:00:00")]
    [InlineData("2026-11-22", "2026-11-21 23:00:00")]
    [InlineData("2026-07-22", "2026-07-21 22:00:00")]
    [InlineData("2026-11-22 08:05", "2026-11-22 07:05:00")]
    [InlineData("2026-11-22 08:05:07", "2026-11-22 07:05:07")]
    [InlineData("2026-11-22 08:05:07.5", "2026-11-22 07:05:07.5")]
    [InlineData("2026-11-22T08:05:07Z", "2026-11-22 08:05:07")]
    [InlineData("2026-11-22 08:05:07 UTC", "2026-11-22 08:05:07")]
    [InlineData("2026-11-22T08:05:07-05:00", "2026-11-22 13:05:07")]
    [InlineData("2026-11-22 08:05 +05:30", "2026-11-22 02:35:00")]
    [InlineData("Sun 2026-11-22 08:05:07 +01:00", "2026-11-22 07:05:07")]
    [InlineData("sunday 2026-11-22", "2026-11-21 23:00:00")]
    [InlineData("08:05", "2026-11-22 07:05:00")]
    [InlineData("08:05:07", "2026-11-22 07:05:07")]
    [InlineData("-2h", "2026-11-22 16:30:15")]
    [InlineData("2h 30min ago", "2026-11-22 16:00:15")]
    [InlineData("-1day 30s", "2026-11-21 18:29:45")]
    [InlineData("-15", "2026-11-22 18:30:00")]
    [InlineData("+1min", "2026-11-22 18:31:15")]
    [InlineData("@1795372215", "2026-11-22 18:30:15")]
    [InlineData(" now ", "2026-11-22 18:30:15")]
    public void Is_read_as_journalctl_reads_it(string text, string utc)
    {
        Assert.True(TimestampText.TryParse(text, s_now, s_zone, out DateTimeOffset moment));
        Assert.Equal(utc, moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+-2h")]
    [InlineData("ago")]
    [InlineData(" ago")]
    [InlineData("noon")]
    [InlineData("Sun")]
    [InlineData("Mon 2026-11-22")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("22.11.2026")]
    [InlineData("25:00")]
    [InlineData("2026-11-22 08:05 MEZ")]
    [InlineData("@")]
    [InlineData("@-5")]
    [InlineData("@99999999999999")]
    [InlineData("-infinity")]
    [InlineData("-9000years")]
    [InlineData("+9000years")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31 23:59 -12:00")]
    public void Is_no_time(string text) =>
        Assert.False(TimestampText.TryParse(text, s_now, s_zone, out _));
}
