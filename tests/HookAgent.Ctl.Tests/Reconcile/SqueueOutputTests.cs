using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Reconcile;

namespace HookAgent.Ctl.Tests.Reconcile;

public sealed class SqueueOutputTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("17|RUNNING\n", "17")]
    [InlineData("17|RUNNING", "17")]
    [InlineData("  17 | RUNNING \r\n\r\n", "17")]
    [InlineData("18|RUNNING\n17|SUSPENDED\n9|COMPLETING\n10|CONFIGURING\n", "9,10,17,18")]
    [InlineData("17|STOPPED\n18|SIGNALING\n19|RESIZING\n", "17,18,19")]
    [InlineData("4294967293|RUNNING\n", "4294967293")]
    public void Lists_the_jobs_that_hold_the_node(string output, string jobs) => Assert.Equal(jobs, Parsed(output));

    [Fact]
    public void Each_task_of_an_array_and_each_part_of_a_heterogeneous_job_has_its_own_id() =>
        // What squeue prints for 40_[1-3] and for 50+0, 50+1 with %A.
        Assert.Equal("41,42,43,50,51", Parsed("43|RUNNING\n42|RUNNING\n41|COMPLETING\n50|RUNNING\n51|RUNNING\n"));

    [Theory]
    [InlineData("PENDING")]
    [InlineData("REQUEUED")]
    [InlineData("REQUEUE_HOLD")]
    [InlineData("REQUEUE_FED")]
    [InlineData("SPECIAL_EXIT")]
    [InlineData("RESV_DEL_HOLD")]
    [InlineData("REVOKED")]
    [InlineData("STAGE_OUT")]
    public void A_job_that_waits_or_has_left_holds_no_node(string state) =>
        Assert.Equal("18", Parsed($"17|{state}\n18|RUNNING\n"));

    [Fact]
    public void A_state_of_a_newer_Slurm_holds_the_node() => Assert.Equal("17", Parsed("17|EXPEDITING\n"));

    [Fact]
    public void Tells_which_are_completing()
    {
        SqueueOutput.Parse("17|RUNNING\n18|COMPLETING\n", out ImmutableSortedSet<JobId> completing, out _);
        Assert.Equal("18", string.Join(',', completing));
    }

    [Fact]
    public void A_job_that_is_shown_twice_counts_once() => Assert.Equal("17", Parsed("17|RUNNING\n17|RUNNING\n"));

    [Theory]
    [InlineData("17")]
    [InlineData("17|")]
    [InlineData("|RUNNING")]
    [InlineData("17_3|RUNNING")]
    [InlineData("50+1|RUNNING")]
    [InlineData("017|RUNNING")]
    [InlineData("4294967294|RUNNING")]
    [InlineData("-1|RUNNING")]
    [InlineData("JOBID|STATE")]
    [InlineData("17|RUNNING|x")]
    [InlineData("17|running")]
    [InlineData("slurm_load_jobs error: Unable to contact slurm controller")]
    public void Anything_else_is_not_believed_nor_is_the_rest(string line)
    {
        Assert.Empty(SqueueOutput.Parse($"16|RUNNING\n{line}\n18|RUNNING\n", out _, out string? strange));
        Assert.Equal(line, strange);
    }

    private static string Parsed(string output)
    {
        string jobs = string.Join(',', SqueueOutput.Parse(output, out _, out string? strange));
        Assert.Null(strange);
        return jobs;
    }
}
