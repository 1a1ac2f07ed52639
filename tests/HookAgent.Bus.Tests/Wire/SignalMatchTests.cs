using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

public sealed class SignalMatchTests
{
    [Fact]
    public void A_rule_is_written_as_the_specification_has_it()
    {
        Assert.Equal(
            "type='signal',sender='org.a',path='/b',interface='c.d',member='E',arg0='f, g'",
            new SignalMatch { Sender = "org.a", Path = "/b", Interface = "c.d", Member = "E", Argument = "f, g" }.ToString());
        Assert.Equal("type='signal',arg0=''", new SignalMatch { Argument = "" }.ToString());
        Assert.Equal("type='signal'", new SignalMatch().ToString());
    }

    [Theory]
    [InlineData("it's")]
    [InlineData(@"foo\x2dbar.service")]
    [InlineData("a\0b")]
    public void A_value_that_no_rule_can_ask_for_is_refused(string value) =>
        Assert.Throws<ArgumentException>(() => new SignalMatch { Argument = value }.ToString());
}
