using HookAgent.Core.Linux;

namespace HookAgent.Core.Tests.Linux;

public sealed class ProcessStatTests
{
    [Theory]
    [InlineData("73 (slurmd) S 1 72 71 0 -1 4194560 120\n")]
    [InlineData("73 (a) R 9 (b c) S 1 72 71 0 -1 4194560 120\n")]
    public void Fields_are_counted_behind_the_name(string stat)
    {
        Assert.Equal("S", ProcessStat.Field(stat, 3));
        Assert.Equal("4194560", ProcessStat.Field(stat, 9));
        Assert.Equal("120", ProcessStat.Field(stat, 10));
        Assert.Empty(ProcessStat.Field(stat, 11));
    }

    [Fact]
    public void A_file_that_is_gone_has_no_field() => Assert.Empty(ProcessStat.Field("", 3));
}
