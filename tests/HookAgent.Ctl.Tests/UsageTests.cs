using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("hookctl: which command?")]
    [InlineData("hookctl: unknown command 'stats'; did you mean 'status'?", "stats")]
    [InlineData("hookctl: unknown command 'Reconcile'; did you mean 'reconcile'?", "Reconcile")]
    [InlineData("hookctl: unknown command 'fly'", "fly")]
    [InlineData("hookctl: unknown command '--json'", "--json", "status")]
    [InlineData("hookctl: unknown command 'fly'", "help", "fly")]
    [InlineData("hookctl: unknown option '--jsn'", "status", "--jsn")]
    [InlineData("hookctl: unknown option '--JSON'", "status", "--JSON")]
    [InlineData("hookctl: unknown option '-j'", "status", "-j")]
    [InlineData("hookctl: unknown option '--node'", "status", "--node", "n1")]
    [InlineData("hookctl: 'status' takes no argument, but got 'now'", "status", "now")]
    [InlineData("hookctl: 'status' takes no argument, but got 'now'", "status", "--", "now")]
    [InlineData("hookctl: --json takes no value", "status", "--json=false")]
    [InlineData("hookctl: --json is given more than once", "status", "--json", "--json")]
    [InlineData("hookctl: 'forget' needs a JOBID", "forget")]
    [InlineData("hookctl: 'forget' takes one JOBID, but got '18' too", "forget", "17", "18")]
    [InlineData("hookctl: --node needs a value", "reconcile", "--node")]
    [InlineData("hookctl: --node needs a value", "reconcile", "--node=")]
    [InlineData("hookctl: --node needs a value", "reconcile", "--node", "--squeue", "x")]
    public void A_wrong_command_line_does_nothing_and_says_what_is_wrong(string complaint, params string[] arguments)
    {
        Hookctl run = Hookctl.Run(arguments);

        Assert.Equal(64, run.ExitCode);
        Assert.Equal("", run.Output);
        string[] lines = run.Errors.Split('\n');
        Assert.Equal(complaint, lines[0]);
        Assert.StartsWith("Usage: hookctl ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Try 'hookctl ", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void Help_names_every_command_and_exit_code_and_no_hidden_option(string word)
    {
        Hookctl run = Hookctl.Run(word);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Errors);
        Assert.Contains("\n  status     Show what the node is doing and why.\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  reconcile  Ask Slurm", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  0   Done", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  1   Failed; a sentence on stderr says why and what to do.", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  64  The command line is wrong.\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--bus", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "reconcile")]
    [InlineData("reconcile", "--help")]
    [InlineData("reconcile", "--node", "x", "--help")]
    public void Help_of_a_command_names_its_options(params string[] arguments)
    {
        Hookctl run = Hookctl.Run(arguments);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Usage: hookctl reconcile [--node NAME] [--json]\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  --node NAME  The node's name", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--squeue", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("version")]
    [InlineData("-V")]
    [InlineData("status", "--version")]
    public void The_version_is_that_of_the_program(params string[] arguments) =>
        Assert.Equal($"hookctl {typeof(HookCtl).Assembly.GetName().Version!.ToString(3)}\n", Hookctl.Run(arguments).Output);
}
