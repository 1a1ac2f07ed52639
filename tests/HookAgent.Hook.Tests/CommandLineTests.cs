using HookAgent.Core.Jobs;
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
    [InlineData(HookAction.Help, "--help")]
    [InlineData(HookAction.Help, "prolog", "--help", "1")]
    [InlineData(HookAction.Version, "--version")]
    [InlineData(HookAction.Misused)]
    [InlineData(HookAction.Misused, "epilogue", "1")]
    [InlineData(HookAction.Misused, "prolog", "1", "2")]
    [InlineData(HookAction.Misused, "--frobnicate", "prolog", "1")]
    [InlineData(HookAction.NoJob, "epilog")]
    [InlineData(HookAction.NoJob, "epilog", "")]
    [InlineData(HookAction.BadJob, "prolog", "../../etc/passwd")]
    [InlineData(HookAction.BadJob, "prolog", "1_2")]
    [InlineData(HookAction.BadJob, "prolog", "0")]
    [InlineData(HookAction.Run, "prolog", "1")]
    internal void It_is_told_what_was_wished(HookAction action, params string[] arguments) =>
        Assert.Equal(action, Invocation.Of(CommandLine.Parse(arguments)).Action);

    [Fact]
    public void The_verb_says_which_script()
    {
        Assert.Equal(SlurmScript.Prolog, Invocation.Of(CommandLine.Parse(["prolog", "1"])).Script);
        Assert.Equal(SlurmScript.Epilog, Invocation.Of(CommandLine.Parse(["epilog", "1"])).Script);
    }
}
