using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("hookctl: unknown command 'stats'; did you mean 'status'?", "stats")]
    [InlineData("hookctl: unknown command 'Reconcile'; did you mean 'reconcile'?", "Reconcile")]
    [InlineData("hookctl: unknown command 'fly'", "fly")]
    [InlineData("hookctl: unknown command 'hodl'; did you mean 'hold'?", "hodl")]
    [InlineData("hookctl: unknown command 'unhold'; did you mean 'release'?", "unhold")]
    [InlineData("hookctl: unknown command 'resume'; did you mean 'release'?", "resume")]
    [InlineData("hookctl: unknown command 'drain'; did you mean 'hold'?", "drain")]
    [InlineData("hookctl: there is no format 'xml'; --output takes text, json or short", "-o", "xml", "status")]
    [InlineData("hookctl: there is no format 'xml'; --output takes text, json or short", "status", "-oxml")]
    [InlineData("hookctl: --output needs a value: --output FORMAT", "status", "-o")]
    [InlineData("hookctl: 'hold' has no short form; leave out --output short, or use --output json", "hold", "-o", "short")]
    [InlineData("hookctl: --json does not go with --output short", "status", "-o", "short", "--json")]
    [InlineData("hookctl: unknown option '--reson'; did you mean '--reason'?", "hold", "--reson", "x")]
    [InlineData("hookctl: unknown option '--fro'; did you mean '--for'?", "hold", "--fro", "2h")]
    [InlineData("hookctl: unknown option '--wacth'; did you mean '--watch'?", "status", "--wacth")]
    [InlineData("hookctl: unknown option '--watch'", "jobs", "-w")]
    [InlineData("hookctl: unknown command 'fly'", "help", "fly")]
    [InlineData("hookctl: unknown option '--jsn'; did you mean '--json'?", "status", "--jsn")]
    [InlineData("hookctl: unknown option '-v'; did you mean '-V'?", "-v")]
    [InlineData("hookctl: unknown option '--JSON'; did you mean '--json'?", "status", "--JSON")]
    [InlineData("hookctl: unknown option '-j'", "status", "-j")]
    [InlineData("hookctl: unknown option '--node'", "status", "--node", "n1")]
    [InlineData("hookctl: 'status' takes no argument, but got 'now'; a value with blanks needs quotes", "status", "now")]
    [InlineData("hookctl: 'status' takes no argument, but got 'now'; a value with blanks needs quotes", "status", "--", "now")]
    [InlineData("hookctl: --json takes no value", "status", "--json=false")]
    [InlineData("hookctl: --json is given more than once", "status", "--json", "--json")]
    [InlineData("hookctl: 'forget' needs a JOBID", "forget")]
    [InlineData("hookctl: 'forget' takes one JOBID, but got '18' too", "forget", "17", "18")]
    [InlineData("hookctl: --node needs a value: --node NAME", "reconcile", "--node")]
    [InlineData("hookctl: --node needs a value: --node NAME", "reconcile", "--node=")]
    [InlineData("hookctl: --node needs a value: --node NAME", "reconcile", "--node", "--squeue", "x")]
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

    /// <summary>Only doctor has the 2.</summary>
    [Theory]
    [InlineData("doctor", true)]
    [InlineData("hold", false)]
    [InlineData("report", false)]
    public void Help_of_a_command_has_its_own_exit_codes(string verb, bool warns)
    {
        string help = Hookctl.Run(verb, "--help").Output;
        Assert.Equal(warns, help.Contains("\n  2 ", StringComparison.Ordinal));
        Assert.Equal(warns, help.Contains("arnings", StringComparison.Ordinal));
    }

    /// <summary>Options go before and after the command, together and apart.</summary>
    [Theory]
    [InlineData("status", "--json")]
    [InlineData("--json", "status")]
    [InlineData("-o", "json", "status")]
    [InlineData("-ojson", "status")]
    [InlineData("status", "-qojson", "--no-legend")]
    [InlineData("--output=json")]
    [InlineData("--json")]
    public void Options_stand_anywhere(params string[] words)
    {
        using FakeNode node = new();
        node.StartDaemon();
        Hookctl run = Hookctl.Run([.. words, .. node.Options]);
        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal(words.Contains("-qojson") ? "" : Hookctl.Run(["status", "--json", .. node.Options]).Output, run.Output);
    }

    [Fact]
    public void Bare_it_shows_the_status()
    {
        using FakeNode node = new();
        node.StartDaemon();
        Assert.StartsWith("    Node: ", Hookctl.Run(node.Options).Output, StringComparison.Ordinal);
    }

    /// <summary>The parser of the framework has words of its own for what it refuses; nothing may reach it that it would.</summary>
    [Fact]
    public void Whatever_is_typed_the_framework_says_nothing()
    {
        string[] words = ["-", "--", "---", "-x", "--=", "--json=", "-o=", "=", "", " ", "-oo", "--output", "--no-", "--for", "-2h", "@", "%s", "--help=1", "--since", "--since=-2h"];
        foreach (string verb in (string[])["status", "hold", "job", "report", "adopt", "nonsense", ""])
        {
            foreach (string word in words)
            {
                Hookctl run = Hookctl.Run(verb, word, "--bus", "unix:path=/nonexistent", "--journalctl", "/bin/false");
                Assert.True(run.ExitCode is 0 or 1 or 64, $"{verb} {word}: {run}");
                Assert.DoesNotContain("Exception", run.Errors, StringComparison.Ordinal);
                Assert.DoesNotContain("options are not understood", run.Errors, StringComparison.Ordinal);
                Assert.All(run.Errors.Split('\n')[..1], line => Assert.StartsWith(run.ExitCode == 0 ? "" : "hookctl: ", line, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("help", "reconcile")]
    [InlineData("reconcile", "--help")]
    [InlineData("reconcile", "--node", "x", "--help")]
    public void Help_of_a_command_names_its_options(params string[] arguments)
    {
        Hookctl run = Hookctl.Run(arguments);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Usage: hookctl reconcile [--node NAME]\n", run.Output, StringComparison.Ordinal);
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
