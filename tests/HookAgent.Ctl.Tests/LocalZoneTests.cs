using System.Globalization;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests;

public sealed class LocalZoneTests
{
    [Theory]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-01-15", "01:00:00")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-15", "02:00:00")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z", "02:00:00")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:01Z", "01:00:00")]
    [InlineData("EST5EDT", "2026-07-15", "-04:00:00")]
    [InlineData("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-15", "13:00:00")]
    [InlineData("<+0330>-3:30", "2026-07-15", "03:30:00")]
    [InlineData("UTC0", "2026-07-15", "00:00:00")]
    public void A_zone_as_POSIX_writes_it(string zone, string moment, string offset) => Assert.Equal(
        TimeSpan.Parse(offset, CultureInfo.InvariantCulture),
        LocalZone.Parse(zone)!.GetUtcOffset(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)));

    [Theory]
    [InlineData("Nowhere/Here")]
    [InlineData("CE-1")]
    [InlineData("CET")]
    [InlineData("CET-99")]
    [InlineData("CET-1CEST,J60,J300")]
    [InlineData("CET-1CEST,M13.5.0,M10.5.0")]
    [InlineData("CET-1CEST,M3.5.0")]
    public void No_zone(string zone) => Assert.Null(LocalZone.Parse(zone));
}
