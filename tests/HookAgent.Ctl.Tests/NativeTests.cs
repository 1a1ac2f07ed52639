using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests;

/// <summary>
/// The published program, where reflection finds only what was rooted. What is the same code in the tests'
/// own process is tested there.
/// </summary>
public sealed class NativeTests
{
    [Fact]
    public void Prints_its_version() =>
        Assert.Equal(new Hookctl(0, Hookctl.Run("--version").Output, ""), Hookctl.RunBinary("--version"));

    [Theory]
    [InlineData("--help")]
    [InlineData("status", "--help")]
    [InlineData("reconcile", "--help")]
    [InlineData("jobs", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("hold", "--help")]
    [InlineData("release", "--help")]
    [InlineData("forget", "--help")]
    [InlineData("job", "--help")]
    [InlineData("report", "--help")]
    [InlineData("adopt", "--help")]
    [InlineData("retry", "--help")]
    public void Prints_the_same_help(params string[] arguments) =>
        Assert.Equal(Hookctl.Run(arguments), Hookctl.RunBinary(arguments));

    [Theory]
    [InlineData("fly")]
    [InlineData("status", "--jsn")]
    [InlineData("status", "--json", "--json")]
    [InlineData("status", "now")]
    public void Refuses_the_same_command_lines(params string[] arguments)
    {
        Hookctl run = Hookctl.RunBinary(arguments);

        Assert.Equal(64, run.ExitCode);
        Assert.Equal(Hookctl.Run(arguments), run);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status", "--json")]
    public void Shows_the_status_without_colours_when_piped(params string[] arguments)
    {
        using FakeNode node = new();
        node.StartDaemon();

        Hookctl run = Hookctl.RunBinary([.. arguments, .. node.Options]);

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("lending", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xterm", "", true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", "", false)]
    public void Colours_the_state_on_a_terminal(string term, string noColor, bool coloured)
    {
        using FakeNode node = new();
        node.StartDaemon();

        string command = $"TERM={term} NO_COLOR={noColor} {Hookctl.Binary} status {string.Join(' ', node.Options)}";
        Hookctl run = Hookctl.RunProgram("script", ["--quiet", "--command", command, "/dev/null"]);

        Assert.StartsWith("    Node: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(coloured, run.Output.Contains("State: \u001b[1;32mlending\u001b[0m (running)", StringComparison.Ordinal));
        Assert.Contains("lending", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Reconciles()
    {
        using FakeNode node = new();
        node.StartDaemon();
        node.Record("16");
        string forgotten = node.Meant("16");
        using FakeProgram squeue = new("squeue", "echo '17|RUNNING'");
        using FakeProgram scontrol = new("scontrol", $"echo NodeName=n1 NodeAddr=n1 NodeHostName={Environment.MachineName}");

        Hookctl run = Hookctl.RunBinary(["reconcile", "--squeue", squeue.FilePath, "--scontrol", scontrol.FilePath, "--systemctl", "/bin/false", "--root", node.Root.Path, "--proc", node.Proc, .. node.Options]);

        Assert.Equal("", run.Errors);
        Assert.StartsWith("1 job on this node (17); forgot 1 record (job 16: not in squeue).\n", run.Output, StringComparison.Ordinal);
        Assert.Equal([$"Reconciled 17 {forgotten}", "Refresh"], node.Calls);
    }

    [Fact]
    public void Status_is_for_everybody_and_reconcile_for_root()
    {
        using FakeNode node = new();
        node.StartDaemon();
        node.OpenToEverybody();
        using TemporaryFolder folder = new();
        // The user may not be let into the folder the program was built in.
        File.Copy(Hookctl.Binary, folder["hookctl"]);
        File.SetUnixFileMode(folder.Path, FakeNode.Everybody);
        string[] asNobody = ["--reuid=65534", "--clear-groups", folder["hookctl"]];

        Hookctl status = Hookctl.RunProgram("setpriv", [.. asNobody, "status", .. node.Options]);
        Hookctl reconcile = Hookctl.RunProgram("setpriv", [.. asNobody, "reconcile", .. node.Options]);

        Assert.Equal("", status.Errors);
        Assert.Contains("lending", status.Output, StringComparison.Ordinal);
        Assert.Equal(new Hookctl(1, "", "hookctl: only root may reconcile; try it with sudo\n"), reconcile);
        Assert.Empty(node.Calls);
    }

    [Fact]
    public void A_reader_that_went_away_is_no_error()
    {
        const string script = "import os, subprocess, sys; r, w = os.pipe(); os.close(r); sys.exit(subprocess.run(sys.argv[1:], stdout=w).returncode)";

        Hookctl run = Hookctl.RunProgram("python3", ["-c", script, Hookctl.Binary, "--help"]);

        Assert.Equal(new Hookctl(0, "", ""), run);
    }

    [Fact]
    public void A_full_disk_is()
    {
        Hookctl run = Hookctl.RunProgram("bash", ["-c", $"{Hookctl.Binary} --help >/dev/full"]);

        Assert.Equal(new Hookctl(1, "", "hookctl: cannot write: No space left on device; run it again where there is an output that can be written to\n"), run);
    }

    /// <summary>Anybody may lock what he may read (flock(2)), and .NET would then refuse to read it.</summary>
    [Fact]
    public void Reads_a_file_that_somebody_has_locked()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["journal"], "");
        string[] arguments = ["report", folder["journal"]];
        Hookctl free = Hookctl.RunBinary(arguments);
        using FileStream locked = new(folder["journal"], FileMode.Open, FileAccess.Read, FileShare.None);

        Assert.Equal(free, Hookctl.RunBinary(arguments));
    }
}
