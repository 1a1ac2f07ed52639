using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests;

/// <summary>As systemctl(1) has it.</summary>
public sealed class PagerTests
{
    [Theory]
    [InlineData(true, "xterm", null, null, "less")]
    [InlineData(true, "xterm", "more -d", "less", "more -d")]
    [InlineData(true, "xterm", null, "most", "most")]
    [InlineData(true, "xterm", "", "most", "")]
    [InlineData(true, "xterm", "cat", null, "")]
    [InlineData(true, "dumb", "less", null, "")]
    [InlineData(true, null, "less", null, "")]
    [InlineData(false, "xterm", "less", null, "")]
    public void It_is_named_by_the_environment(bool isTerminal, string? term, string? systemd, string? pager, string programs)
    {
        Dictionary<string, string?> variables = new() { ["TERM"] = term, ["SYSTEMD_PAGER"] = systemd, ["PAGER"] = pager };
        Assert.Equal(programs, string.Join(' ', Pager.Programs(isTerminal, variables.GetValueOrDefault)));
    }

    [Fact]
    public void Where_none_can_be_run_the_text_is_written_as_it_is()
    {
        using StringWriter output = new();
        Pager.Show(new Terminal(output, TextWriter.Null, Coloured: false) { PagerPrograms = ["/nonexistent/pager"], Type = "xterm" }, static to => to.Say("text"));
        Assert.Equal("text\n", output.ToString());
    }

    [Theory]
    [InlineData("1", false, "1", true)]
    [InlineData("yes", true, null, true)]
    [InlineData("0", true, null, false)]
    [InlineData("false", true, null, false)]
    [InlineData("", true, null, true)]
    [InlineData("nonsense", true, "1", false)]
    public void SYSTEMD_COLORS_decides_before_NO_COLOR_and_the_terminal(string colours, bool isTerminal, string? noColor, bool coloured) =>
        Assert.Equal(coloured, Terminal.WantsColour(isTerminal, noColor, "xterm", colours));
}
