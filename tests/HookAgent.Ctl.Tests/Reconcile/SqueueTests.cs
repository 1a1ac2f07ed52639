using System.Diagnostics;
using System.Globalization;
using HookAgent.Ctl.Reconcile;

namespace HookAgent.Ctl.Tests.Reconcile;

/// <summary>The environment belongs to the whole process, so these tests run one after the other.</summary>
[Collection(nameof(Environment))]
public sealed class SqueueTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public void Asks_for_all_jobs_of_the_node_in_one_form()
    {
        using FakeProgram squeue = new("squeue", "for a; do echo \"$a\"; done >arguments; echo '17|RUNNING'");

        SqueueAnswer answer = new Squeue(squeue.FilePath, ["n1", "n2"], null).Ask(Timeout);

        Assert.Equal("17", string.Join(',', Assert.IsType<SqueueAnswer.Listed>(answer).Jobs));
        Assert.Equal("--noheader\n--all\n--local\n--array\n--nodelist=n1,n2\n--format=%A|%T\n", squeue.Left("arguments"));
    }

    [Fact]
    public void Lets_no_filter_of_the_operators_environment_hide_a_job()
    {
        using FakeProgram squeue = new("squeue", "env >environment");
        Environment.SetEnvironmentVariable("SQUEUE_STATES", "PENDING");
        Environment.SetEnvironmentVariable("SCONTROL_FUTURE", "1");
        Environment.SetEnvironmentVariable("SLURM_CLUSTERS", "other");
        Environment.SetEnvironmentVariable("SLURM_CONF", "/operator.conf");
        try
        {
            new Squeue(squeue.FilePath, ["n1"], null).Ask(Timeout);
            string inherited = squeue.Left("environment");
            new Squeue(squeue.FilePath, ["n1"], "/slurmd.conf").Ask(Timeout);
            string told = squeue.Left("environment");

            Assert.DoesNotContain("SQUEUE_", inherited, StringComparison.Ordinal);
            Assert.DoesNotContain("SCONTROL_", inherited, StringComparison.Ordinal);
            Assert.DoesNotContain("SLURM_CLUSTERS", inherited, StringComparison.Ordinal);
            Assert.Contains("SLURM_CONF=/operator.conf\n", inherited, StringComparison.Ordinal);
            Assert.Contains("SLURM_CONF=/slurmd.conf\n", told, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SQUEUE_STATES", null);
            Environment.SetEnvironmentVariable("SCONTROL_FUTURE", null);
            Environment.SetEnvironmentVariable("SLURM_CLUSTERS", null);
            Environment.SetEnvironmentVariable("SLURM_CONF", null);
        }
    }

    [Fact]
    public void No_line_at_all_is_no_job()
    {
        using FakeProgram squeue = new("squeue", "echo 'squeue: warning: something' >&2");

        Assert.Empty(Assert.IsType<SqueueAnswer.Listed>(new Squeue(squeue.FilePath, ["n1"], null).Ask(Timeout)).Jobs);
    }

    [Fact]
    public void Jobs_of_a_squeue_that_failed_in_the_end_are_not_believed()
    {
        using FakeProgram squeue = new("squeue", "echo '17|RUNNING'; echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");

        Assert.Equal(
            $"{squeue.FilePath} failed with exit code 1 (slurm_load_jobs error: Unable to contact slurm controller (connect failure)); is slurmctld up? Try 'scontrol ping'",
            Sentence(squeue.FilePath, Timeout));
    }

    [Fact]
    public void What_it_complained_of_does_not_reach_the_terminal_as_it_is()
    {
        using FakeProgram squeue = new("squeue", "printf 'squeue: error: Invalid node name n1\\033[2J\\n' >&2; exit 1");

        Assert.Equal(
            $"{squeue.FilePath} failed with exit code 1 (squeue: error: Invalid node name n1?[2J); is slurmctld up? Try 'scontrol ping'",
            Sentence(squeue.FilePath, Timeout));
    }

    [Fact]
    public void Garbage_is_not_believed()
    {
        using FakeProgram squeue = new("squeue", "echo 'Welcome to the cluster!'; echo '17|RUNNING'");

        Assert.Equal($"{squeue.FilePath} printed 'Welcome to the cluster!', which is not a job id and its state", Sentence(squeue.FilePath, Timeout));
    }

    [Fact]
    public void Endless_output_is_neither_kept_nor_believed()
    {
        using FakeProgram squeue = new("squeue", "yes '17|RUNNING' | head -c 18000000");

        Assert.Equal($"{squeue.FilePath} printed far more than Slurm does", Sentence(squeue.FilePath, Timeout));
    }

    [Fact]
    public void One_that_hangs_is_killed()
    {
        using FakeProgram squeue = new("squeue", "echo $$ >pid; exec sleep 600");

        Assert.Equal(
            $"{squeue.FilePath} did not answer within 2 s and was killed; is slurmctld up? Try 'scontrol ping'",
            Sentence(squeue.FilePath, TimeSpan.FromSeconds(2)));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(squeue.Left("pid"), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_child_that_keeps_the_pipe_open_does_not_hold_us_longer()
    {
        using FakeProgram squeue = new("squeue", "sleep 40 & exit 0");
        long began = Stopwatch.GetTimestamp();

        Assert.Contains("did not answer within 500 ms", Sentence(squeue.FilePath, TimeSpan.FromMilliseconds(500)), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("/nonexistent/squeue", "No such file or directory")]
    [InlineData("/dev/null", "Permission denied")]
    public void One_that_cannot_be_run_is_told_with_the_remedy(string path, string why)
    {
        string sentence = Sentence(path, Timeout);

        Assert.StartsWith($"{path} cannot be run (", sentence, StringComparison.Ordinal);
        Assert.Contains(why, sentence, StringComparison.Ordinal);
        Assert.EndsWith("; install Slurm's client programs on this node (Debian: slurm-client)", sentence, StringComparison.Ordinal);
    }

    private static string Sentence(string program, TimeSpan bound) =>
        Assert.IsType<SqueueAnswer.Failed>(new Squeue(program, ["n1"], null).Ask(bound)).Sentence;
}
