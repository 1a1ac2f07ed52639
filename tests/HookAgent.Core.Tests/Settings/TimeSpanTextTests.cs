using HookAgent.Core.Settings;

namespace HookAgent.Core.Tests.Settings;

public sealed class TimeSpanTextTests
{
    /// <summary>What systemd accepts and refuses; the expected values come from systemd itself.</summary>
    public static TheoryData<string> Texts => new(
    [
        "0", "10", "90", "10s", "500ms", "1min 30s", "1min30s", "2h", "2 h", "48hr", "1y 12month", "1M", "1m",
        "1.5s", "1.5", ".5s", "1 .5s", "1.2345678s", "0.5us", "0.3month", "5 5s", "2h30", "+1d", "1w", "3days",
        "55s500ms", "300ms20s 5day", "1µs", "1μs", "1usec", "1msec", "7minutes", "2months", "1year", " 10s ",
        "1d 1h 1min 1s 1ms 1us", "59.999999s", "60.5s", "61s 1us", "00000000000000000000000010s", "infinity", " infinity ",
        "", " ", "1.s", "1.", ".", "1.5.5s", "1 S", "1mins", "1e3", "0x10", "1s,2s", "s", "+", "+-1", "1h -1", "1h+.5",
        "1d+1", "infinity 1", "infinit", "Infinity", "18446744073709551615us", "99999999999999999999999999s",
        "1ns", "1h.5.5", "10\u00a0s", "\u0661s", "1..5s", "1,5s", "1s;",
    ]);

    [Theory]
    [MemberData(nameof(Texts))]
    public void Reads_and_writes_as_systemd_does(string text)
    {
        string? said = SystemdAnalyze.TimeSpan(text, out ulong microseconds);

        bool read = TimeSpanText.TryParse(text, out TimeSpan span);

        Assert.Equal(said is not null, read);
        if (said is not null)
        {
            Assert.Equal(said, TimeSpanText.Format(span));
            Assert.Equal(microseconds == ulong.MaxValue, span == TimeSpanText.Infinity);
            Assert.True(span == TimeSpanText.Infinity || span.TotalMicroseconds == microseconds);
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("1h -1s")]
    public void Refuses_a_negative_span(string text) => Assert.False(TimeSpanText.TryParse(text, out _));

    [Fact]
    public void Refuses_more_than_a_TimeSpan_holds_instead_of_wrapping_around()
    {
        Assert.True(TimeSpanText.TryParse("922337203685s", out TimeSpan most));
        Assert.Equal(922_337_203_685, most.TotalSeconds);
        Assert.False(TimeSpanText.TryParse("922337203686s", out _));
        Assert.False(TimeSpanText.TryParse("922337203685s 1s", out _));
        Assert.False(TimeSpanText.TryParse("99999999999999999999y", out _));
    }

    [Theory]
    [InlineData(1_500_000, 1_000, "1.500s")]
    [InlineData(1_500_999, 1_000, "1.500s")]
    [InlineData(90_000_400, 1_000, "1min 30.000s")]
    [InlineData(90_400_000, 1_000_000, "1min 30s")]
    [InlineData(7_500, 1_000, "7ms")]
    [InlineData(59_999_999, 1_000_000, "59s")]
    [InlineData(1_042, 1, "1.042ms")]
    [InlineData(500, 1_000_000, "500us")]
    public void Leaves_away_what_is_finer_than_the_accuracy(long microseconds, long accuracy, string text) =>
        Assert.Equal(text, TimeSpanText.Format(TimeSpan.FromMicroseconds(microseconds), TimeSpan.FromMicroseconds(accuracy)));

    [Fact]
    public void What_it_writes_it_reads_again()
    {
        Random random = new(20241122);
        for (int i = 0; i < 10_000; i++)
        {
            TimeSpan span = TimeSpan.FromMicroseconds(random.NextInt64(1L << random.Next(1, 59)));
            Assert.True(TimeSpanText.TryParse(TimeSpanText.Format(span), out TimeSpan again));
            Assert.Equal(span, again);
        }
    }
}
