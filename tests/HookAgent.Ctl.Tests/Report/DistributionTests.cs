using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Tests.Report;

public sealed class DistributionTests
{
    [Fact]
    public void Of_a_hundred_values_the_percentiles_are_those_of_their_rank() => Assert.Equal(
        new Distribution(100, 50, 95, 99, 100, 5050),
        Distribution.Of([.. Enumerable.Range(1, 100).Reverse().Select(static value => (long)value)]));

    [Fact]
    public void Of_few_values_the_high_percentiles_are_the_largest() =>
        Assert.Equal(new Distribution(3, 20, 900, 900, 900, 930), Distribution.Of([900, 10, 20]));

    [Fact]
    public void One_value_is_all_of_them() => Assert.Equal(new Distribution(1, 7, 7, 7, 7, 7), Distribution.Of([7]));

    [Fact]
    public void The_99th_of_101_values_leaves_out_one() =>
        Assert.Equal(100, Distribution.Of([.. Enumerable.Range(1, 101).Select(static value => (long)value)]).P99);

    [Fact]
    public void None_is_none() => Assert.Equal(default, Distribution.Of([]));

    [Fact]
    public void A_total_that_is_too_large_stays_the_largest_number() =>
        Assert.Equal(long.MaxValue, Distribution.Of([long.MaxValue, 5]).Total);
}
