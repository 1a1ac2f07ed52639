namespace HookAgent.Hook.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_arguments_the_paths_are_the_systems()
    {
        CommandLine line = CommandLine.Parse([]);
        Assert.Equal("/run/dbus/system_bus_socket", line.BusSocket);
        Assert.Equal("/run/hookagent/jobs", line.JobDirectory);
        Assert.Equal("/run/hookagent/hook.conf", line.SettingsFile);
        Assert.Equal("/run/systemd/journal/socket", line.JournalSocket);
        Assert.Empty(line.Words);
        Assert.Null(line.Problem);
    }

    [Fact]
    public void Options_and_words_may_be_mixed()
    {
        CommandLine line = CommandLine.Parse(["--bus", "unix:path=/b", "prolog", "--run-dir", "/r", "17", "--journal", "/j"]);
        Assert.Equal("/b", line.BusSocket);
        Assert.Equal("/r/jobs", line.JobDirectory);
        Assert.Equal("/r/hook.conf", line.SettingsFile);
        Assert.Equal("/j", line.JournalSocket);
        Assert.Equal(["prolog", "17"], line.Words);
        Assert.Null(line.Problem);
    }

    [Theory]
    [InlineData("--bus")]
    [InlineData("--run-dir")]
    [InlineData("--bus", "tcp:host=localhost,port=1")]
    [InlineData("--bus", "unix:abstract=/x")]
    [InlineData("--bus", "unix:path=/x,guid=1")]
    [InlineData("--bus", "unix:path=/x;unix:path=/y")]
    [InlineData("--bus", "unix:path=/x%20y")]
    [InlineData("--frobnicate")]
    [InlineData("-h")]
    public void What_it_does_not_know_is_a_problem(params string[] arguments) =>
        Assert.NotNull(CommandLine.Parse(arguments).Problem);

    [Theory]
    [InlineData(Wish.Help, "--help")]
    [InlineData(Wish.Help, "prolog", "--help", "1")]
    [InlineData(Wish.Version, "--version")]
    [InlineData(Wish.Misused)]
    [InlineData(Wish.Misused, "epilogue", "1")]
    [InlineData(Wish.Misused, "prolog", "1", "2")]
    [InlineData(Wish.Misused, "--frobnicate", "prolog", "1")]
    [InlineData(Wish.NoJob, "epilog")]
    [InlineData(Wish.NoJob, "epilog", "")]
    [InlineData(Wish.BadJob, "prolog", "../../etc/passwd")]
    [InlineData(Wish.BadJob, "prolog", "1_2")]
    [InlineData(Wish.BadJob, "prolog", "0")]
    [InlineData(Wish.Run, "prolog", "1")]
    internal void It_is_told_what_was_wished(Wish wish, params string[] arguments) =>
        Assert.Equal(wish, Invocation.Of(CommandLine.Parse(arguments)).Wish);

    [Fact]
    public void The_verb_says_which_script()
    {
        Assert.Equal(Script.Prolog, Invocation.Of(CommandLine.Parse(["prolog", "1"])).Script);
        Assert.Equal(Script.Epilog, Invocation.Of(CommandLine.Parse(["epilog", "1"])).Script);
    }
}
