using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Tests.Sd;

public sealed class MatchRuleTests
{
    [Fact]
    public void A_rule_is_written_as_the_specification_has_it() =>
        Assert.Equal(
            "type='signal',sender='org.a',path='/b',interface='c.d',member='E',arg0='f, g',arg63=''",
            new MatchRule().Sender("org.a").Path("/b").Interface("c.d").Member("E")
                .Argument(0, "f, g").Argument(63, "").ToString());

    [Theory]
    [InlineData("it's")]
    [InlineData(@"foo\x2dbar.service")]
    [InlineData("a\0b")]
    public void A_value_that_bus_and_library_read_differently_is_refused(string value) =>
        Assert.Throws<ArgumentException>(() => new MatchRule().Argument(0, value));

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    public void There_are_64_arguments(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchRule().Argument(index, "x"));
}
