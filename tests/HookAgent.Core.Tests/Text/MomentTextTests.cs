using HookAgent.Core.Text;

namespace HookAgent.Core.Tests.Text;

public sealed class MomentTextTests
{
    [Theory]
    [InlineData("Europe/Berlin", 1, "Thu 2026-01-15 13:00:00 CET")]
    [InlineData("Europe/Berlin", 7, "Wed 2026-07-15 14:00:00 CEST")]
    [InlineData("UTC", 7, "Wed 2026-07-15 12:00:00 UTC")]
    [InlineData("America/Sao_Paulo", 1, "Thu 2026-01-15 09:00:00 -03:00")]
    public void Names_the_zone(string zone, int month, string text) => Assert.Equal(
        text, MomentText.Of(new DateTimeOffset(2026, month, 15, 12, 0, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById(zone)));
}
