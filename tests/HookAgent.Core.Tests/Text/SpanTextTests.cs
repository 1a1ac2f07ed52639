using HookAgent.Core.Text;

namespace HookAgent.Core.Tests.Text;

public sealed class SpanTextTests
{
    [Theory]
    [InlineData(-1, "0 s")]
    [InlineData(0, "0 s")]
    [InlineData(0.0004, "0.4 ms")]
    [InlineData(0.0012, "1.2 ms")]
    [InlineData(0.002, "2 ms")]
    [InlineData(0.058, "58 ms")]
    [InlineData(0.9994, "999 ms")]
    [InlineData(0.9996, "1 s")]
    [InlineData(2.84, "2.8 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(3600, "1 h")]
    [InlineData(5430, "1 h 30 min")]
    [InlineData(93_600, "1 d 2 h")]
    [InlineData(30_000_000, "347 d 5 h")]
    public void Has_two_units_at_most(double seconds, string text) => Assert.Equal(text, SpanText.Of(TimeSpan.FromSeconds(seconds)));
}
