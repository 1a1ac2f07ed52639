using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Reconcile;

public sealed class ReconcileCommandTests : IDisposable
{
    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Forgets_what_Slurm_does_not_have_and_hands_over_what_it_has()
    {
        _node.StartDaemon();
        _node.Record("15");
        _node.Record("16");
        _node.Record("17");

        Hookctl run = Reconcile("echo '17|RUNNING'; echo '16|PENDING'; echo '18|RUNNING'");

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Forget 15", "Forget 16", "Reconciled 17,18"], _node.Calls);
        Assert.Equal(
            """
            2 jobs on this node (17, 18); forgot 2 records (jobs 15, 16: not in squeue).
            Job 18 has no record; it counts as running until its Epilog.
            The node is lending: The node is idle and lent to the provider.

            """,
            run.Output);
    }

    [Fact]
    public void Tells_programs_what_it_did()
    {
        _node.StartDaemon();
        _node.Record("16");
        _node.Record("17");

        Hookctl run = Reconcile("echo '17|RUNNING'; echo '18|RUNNING'", "--json");

        Assert.Equal("{\"listed\":[17,18],\"forgotten\":[16],\"unrecorded\":[18],\"started_anew\":[],\"foreign\":[]}\n", run.Output);
    }

    [Fact]
    public void With_nothing_to_forget_the_list_is_handed_over_all_the_same()
    {
        _node.StartDaemon();

        Assert.StartsWith("No job on this node; nothing had to be forgotten.\n", Reconcile("true").Output, StringComparison.Ordinal);
        Assert.Equal(["Reconciled "], _node.Calls);
    }

    [Fact]
    public void A_record_made_while_squeue_ran_is_kept()
    {
        _node.StartDaemon();
        _node.Record("16");

        Hookctl run = Reconcile($"echo JOB_ID=17 >{_node.RunDirectory}/jobs/17");

        Assert.StartsWith("No job on this node; forgot 1 record (job 16: not in squeue).\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(["Forget 16", "Reconciled "], _node.Calls);
    }

    [Fact]
    public void A_job_that_squeue_saw_waiting_and_that_then_started_again_is_kept()
    {
        _node.StartDaemon();
        _node.Record("16", "STARTED_BOOTTIME_USEC=1\n");

        Hookctl run = Reconcile($"printf 'JOB_ID=16\\nSTARTED_BOOTTIME_USEC=2\\n' >{_node.RunDirectory}/jobs/16; echo '16|PENDING'");

        Assert.Contains("\nJob 16 started anew while squeue was asked and keeps its record.\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(["Reconciled "], _node.Calls);
    }

    [Fact]
    public void A_job_that_ended_while_squeue_ran_is_the_daemons_nodeiness()
    {
        _node.StartDaemon();
        string record = _node.Record("16");

        Hookctl run = Reconcile($"echo '16|COMPLETING'; rm {record}");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Reconciled 16"], _node.Calls);
    }

    [Fact]
    public void A_garbled_record_of_a_job_that_Slurm_does_not_have_is_forgotten_and_a_foreign_file_told_of()
    {
        _node.StartDaemon();
        File.WriteAllText($"{_node.RunDirectory}/jobs/16", "JOB_ID=99\n");
        File.WriteAllText($"{_node.RunDirectory}/jobs/note", "");
        File.WriteAllText($"{_node.RunDirectory}/jobs/.17.1234", "");

        Hookctl run = Reconcile("true");

        Assert.Contains("\n'note' among the records is none; remove it by hand.\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(["Forget 16", "Reconciled "], _node.Calls);
    }

    [Theory]
    [InlineData("echo '17|RUNNING'; echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1", "failed with exit code 1 (slurm_load_jobs error: Unable to contact slurm controller (connect failure))")]
    [InlineData("echo 'JOBID STATE'", "printed 'JOBID STATE', which is not a job id and its state")]
    public void When_squeue_fails_nothing_is_changed(string squeue, string why)
    {
        _node.StartDaemon();
        _node.Record("16");

        Hookctl run = Reconcile(squeue);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
        Assert.EndsWith(". Nothing was changed.\n", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
    }

    [Fact]
    public void Without_the_daemon_squeue_is_not_even_asked()
    {
        using FakeProgram squeue = new("squeue", "touch asked");

        Hookctl run = Hookctl.Run(["reconcile", "--squeue", squeue.FilePath, .. _node.Options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("hookagentd does not run on this node", run.Errors, StringComparison.Ordinal);
        Assert.False(squeue.HasLeft("asked"));
    }

    [Fact]
    public void Without_the_record_directory_there_is_nothing_to_reconcile_with()
    {
        _node.StartDaemon();
        Directory.Delete($"{_node.RunDirectory}/jobs");

        Assert.Equal(
            $"hookctl: there is no {_node.RunDirectory}/jobs; make it with 'systemd-tmpfiles --create hookagent.conf' and try again\n",
            Reconcile("true").Errors);
        Assert.Empty(_node.Calls);
    }

    [Fact]
    public void A_daemon_that_refuses_is_told_of_and_nothing_more_is_asked_of_it()
    {
        _node.StartDaemon(errors: new JsonObject { ["Forget"] = "org.freedesktop.DBus.Error.AccessDenied" });
        _node.Record("15");
        _node.Record("16");

        Hookctl run = Reconcile("true");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("hookctl: job 15 could not be forgotten: only root may do this; try it with sudo\n", run.Errors);
        Assert.Equal(["Forget 15"], _node.Calls);
    }

    [Theory]
    [InlineData("n7")]
    [InlineData("n[1-2]")]
    public void The_node_can_be_named(string name)
    {
        _node.StartDaemon();
        using FakeProgram squeue = new("squeue", "for a; do echo \"$a\"; done >arguments");

        Hookctl.Run(["reconcile", "--node", name, "--squeue", squeue.FilePath, .. _node.Options]);

        Assert.Contains($"--nodelist={name}\n", squeue.Left("arguments"), StringComparison.Ordinal);
    }

    private Hookctl Reconcile(string squeueScript, params string[] more)
    {
        using FakeProgram squeue = new("squeue", squeueScript);
        return Hookctl.Run(["reconcile", "--squeue", squeue.FilePath, .. more, .. _node.Options]);
    }
}
