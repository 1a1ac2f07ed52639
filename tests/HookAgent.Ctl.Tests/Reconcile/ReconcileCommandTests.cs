using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
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
        string forgotten = $"{_node.Meant("15")},{_node.Meant("16")}";

        Hookctl run = Reconcile("echo '17|RUNNING'; echo '16|PENDING'; echo '18|RUNNING'");

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([$"Reconciled 17,18 {forgotten}", "Refresh"], _node.Calls);
        Assert.True(File.Exists(Proof));
        Assert.Equal(
            """
            2 jobs on this node (17-18); forgot 2 records (jobs 15-16: not in squeue).
            Job 18 has no record: it began without the hook, or its record was removed. The provider stays off until it has ended; nothing is to be done.
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
        Assert.Equal(["Reconciled", "Refresh"], _node.Calls);
    }

    [Fact]
    public void A_record_made_while_squeue_ran_is_kept()
    {
        _node.StartDaemon();
        _node.Record("16");
        string forgotten = _node.Meant("16");

        Hookctl run = Reconcile($"echo JOB_ID=17 >{_node.RunDirectory}/jobs/17");

        Assert.StartsWith("No job on this node; forgot 1 record (job 16: not in squeue).\n", run.Output, StringComparison.Ordinal);
        Assert.Equal([$"Reconciled  {forgotten}", "Refresh"], _node.Calls);
    }

    [Fact]
    public void A_job_that_squeue_saw_waiting_and_that_then_started_again_is_kept()
    {
        _node.StartDaemon();
        _node.Record("16", "STARTED_BOOTTIME_USEC=1\n");

        // Even one that says the same is another: Prologs write new files.
        Hookctl run = Reconcile($"printf 'JOB_ID=16\\nSTARTED_BOOTTIME_USEC=1\\n' >{_node.RunDirectory}/jobs/.16; mv {_node.RunDirectory}/jobs/.16 {_node.RunDirectory}/jobs/16; echo '16|PENDING'");

        Assert.Contains("\nJob 16 started again while squeue was asked, and keeps its record.\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(["Reconciled", "Refresh"], _node.Calls);
    }

    /// <summary>Its record went between the two looks at the directory, or slurmctld had ordered its end before.</summary>
    [Theory]
    [InlineData("echo '16|RUNNING'; rm RECORD", "16")]
    [InlineData("echo '16|COMPLETING'; rm RECORD", "16")]
    [InlineData("echo '16|RUNNING'; echo '18|COMPLETING'", "")]
    public void A_job_that_has_ended_here_is_not_handed_over_as_one_that_runs(string squeue, string ended)
    {
        _node.StartDaemon();
        string record = _node.Record("16");

        Hookctl run = Reconcile(squeue.Replace("RECORD", record, StringComparison.Ordinal));

        Assert.Equal("", run.Errors);
        Assert.DoesNotContain("has no record", run.Output, StringComparison.Ordinal);
        Assert.Equal([ended.Length > 0 ? "Reconciled" : "Reconciled 16", "Refresh"], _node.Calls);
    }

    /// <summary>It began after the first look at the directory and ended before the second: squeue saw it run.</summary>
    [Theory]
    [InlineData("true", "Reconciled")]
    [InlineData("echo '16|COMPLETING'", "Reconciled")]
    [InlineData("exit 1", "Reconciled 16")]
    public void A_job_whose_Epilog_ran_meanwhile_does_not_count_until_its_Epilog(string secondTime, string call)
    {
        _node.StartDaemon();

        Hookctl run = Reconcile($"mark={_node.RunDirectory}/asked; if [ -e $mark ]; then {secondTime}; else touch $mark; echo '16|RUNNING'; fi");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(call != "Reconciled", run.Output.Contains("Job 16 has no record", StringComparison.Ordinal));
        Assert.Equal([call, "Refresh"], _node.Calls);
    }

    /// <summary>Deleted by hand: slurmctld orders a job's end before its Epilog takes the record.</summary>
    [Fact]
    public void A_running_job_whose_record_is_gone_is_handed_over()
    {
        _node.StartDaemon();

        Assert.Contains("\nJob 16 has no record: it began without the hook, or its record was removed. The provider stays off until it has ended; nothing is to be done.\n", Reconcile("echo '16|RUNNING'").Output, StringComparison.Ordinal);
        Assert.Equal(["Reconciled 16", "Refresh"], _node.Calls);
    }

    [Fact]
    public void A_garbled_record_of_a_job_that_Slurm_does_not_have_is_forgotten_and_a_foreign_file_told_of()
    {
        _node.StartDaemon();
        File.WriteAllText($"{_node.RunDirectory}/jobs/16", "JOB_ID=99\n");
        File.WriteAllText($"{_node.RunDirectory}/jobs/note", "");
        File.WriteAllText($"{_node.RunDirectory}/jobs/.17.1234", "");
        string forgotten = _node.Meant("16");

        Hookctl run = Reconcile("true");

        Assert.Contains("\n'note' in the record directory is no record; remove it by hand.\n", run.Output, StringComparison.Ordinal);
        Assert.Equal([$"Reconciled  {forgotten}", "Refresh"], _node.Calls);
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

        Hookctl run = Hookctl.Run(["reconcile", "--squeue", squeue.FilePath, "--scontrol", squeue.FilePath, .. Elsewhere]);

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
    public void A_daemon_that_refuses_is_told_of_and_nothing_is_forgotten()
    {
        _node.StartDaemon(errors: new JsonObject { ["Reconciled"] = "org.freedesktop.DBus.Error.AccessDenied" });
        _node.Record("15");

        Hookctl run = Reconcile("true");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("hookctl: the list of jobs could not be handed over: the system bus does not let root call hookagentd; 'hookctl doctor' looks at its policy\n", run.Errors);
        Assert.True(File.Exists($"{_node.RunDirectory}/jobs/15"));

        // It comes after the list: by the proof alone the daemon would lend the node beside jobs that Slurm has here.
        Assert.False(File.Exists(Proof));
    }

    [Fact]
    public void A_directory_that_takes_the_place_of_the_one_that_was_there_when_Slurm_was_asked_gets_no_proof()
    {
        _node.StartDaemon();
        string jobs = $"{_node.RunDirectory}/jobs";

        Hookctl run = Reconcile($"rm -r {jobs}; mkdir {jobs}");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"hookctl: the agent has the list, but {Proof}, which marks the directory as complete, could not be made: the directory was replaced while Slurm was asked; try again\n", run.Errors);
        Assert.False(File.Exists(Proof));
        Assert.Equal(["Reconciled"], _node.Calls);
    }

    [Theory]
    [InlineData("NodeName=virt1 NodeAddr=other NodeHostName=HOST\nNodeName=far NodeAddr=far NodeHostName=far\nNodeName=virt2 NodeAddr=HOST NodeHostName=x", "virt1,virt2", "-DN", "virt1")]
    [InlineData("NodeName=virt1 NodeAddr=x NodeHostName=x\nNodeName=virt2 NodeAddr=x NodeHostName=x", "virt2", "-DNvirt2")]
    [InlineData("NodeName=a NodeAddr=127.0.0.1 NodeHostName=a\nNodeName=b NodeAddr=b NodeHostName=b", "a,b", "-D", "-N", "b")]
    [InlineData("NodeName=alias7 NodeAddr=alias7 NodeHostName=alias7\nNodeName=alias8 NodeAddr=x NodeHostName=x", "alias7", "-D")]
    public void All_nodes_that_are_this_host_are_asked_for_also_one_whose_slurmd_is_down(string nodes, string asked, params string[] slurmd)
    {
        _node.StartDaemon();
        _node.Slurmd(100, slurmd);
        Directory.CreateDirectory(_node.Root["etc"]);
        File.WriteAllText(_node.Root["etc/hosts"], $"10.0.0.7 {Environment.MachineName} alias7\n10.0.0.8 other alias8\n");
        using FakeProgram squeue = new("squeue", "for a; do echo \"$a\"; done >arguments");

        Hookctl run = Run(squeue, nodes);

        Assert.Equal("", run.Errors);
        Assert.Contains($"--nodelist={asked}\n", squeue.Left("arguments"), StringComparison.Ordinal);
    }

    /// <summary>What 0.1.0 took for "no jobs".</summary>
    [Theory]
    [InlineData("NodeName=other NodeAddr=other NodeHostName=other", "slurmctld has no node at HOST", "-D")]
    [InlineData("NodeName=HOST NodeAddr=HOST NodeHostName=HOST", "slurmd runs here as node 'virt2' (-N), which slurmctld does not know", "-DN", "virt2")]
    [InlineData("NodeName=other NodeAddr=other NodeHostName=other", "slurmctld has no node at HOST, and no slurmd runs here")]
    public void An_empty_list_for_a_name_that_Slurm_does_not_confirm_is_no_answer(string nodes, string why, params string[] slurmd)
    {
        _node.StartDaemon();
        _node.Record("16");
        if (slurmd.Length > 0)
        {
            _node.Slurmd(100, slurmd);
        }

        using FakeProgram squeue = new("squeue", "touch asked");
        Hookctl run = Run(squeue, nodes);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(OfHost(why), run.Errors, StringComparison.Ordinal);
        Assert.EndsWith(". Nothing was changed.\n", run.Errors, StringComparison.Ordinal);
        Assert.False(squeue.HasLeft("asked"));
        Assert.Empty(_node.Calls);
    }

    [Theory]
    [InlineData("n7", null)]
    [InlineData("n[7-8]", "slurmctld has node n8 at elsewhere.invalid (elsewhere.invalid), which is not this host")]
    [InlineData("n9", "slurmctld knows no node 'n9'")]
    public void The_node_can_be_named_and_must_lead_here(string name, string? why)
    {
        _node.StartDaemon();
        using FakeProgram squeue = new("squeue", "for a; do echo \"$a\"; done >arguments");

        Hookctl run = Run(squeue, "NodeName=n7 NodeAddr=localhost NodeHostName=n7\nNodeName=n8 NodeAddr=elsewhere.invalid NodeHostName=elsewhere.invalid", "--node", name);

        Assert.Equal(why is null ? 0 : 1, run.ExitCode);
        Assert.Contains(why ?? "", run.Errors, StringComparison.Ordinal);
        Assert.Equal(why is null, squeue.HasLeft("arguments") && squeue.Left("arguments").Contains("--nodelist=n7\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_slurmd_with_a_configuration_each_are_two_Slurms_to_ask()
    {
        _node.StartDaemon();
        _node.Record("16");
        _node.Slurmd(100, "-f", "/a.conf", "-N", "a");
        _node.Slurmd(101, "-f/b.conf", "-Nb");
        using FakeProgram squeue = new("squeue", "case $SLURM_CONF in /a.conf) echo '17|RUNNING' ;; /b.conf) echo '16|RUNNING' ;; esac");
        using FakeProgram scontrol = new("scontrol", "case $SLURM_CONF in /a.conf) echo NodeName=a ;; /b.conf) echo NodeName=b ;; esac");

        Hookctl run = Hookctl.Run(["reconcile", "--squeue", squeue.FilePath, "--scontrol", scontrol.FilePath, .. Elsewhere]);

        Assert.Equal("", run.Errors);
        Assert.Equal(["Reconciled 16,17", "Refresh"], _node.Calls);
    }

    /// <summary>Its jobs run on; and whether it is one node or another is in its unit alone.</summary>
    [Theory]
    [InlineData("ExecStart={ path=/usr/sbin/slurmd ; argv[]=/usr/sbin/slurmd -D -f /etc/b.conf ; ignore_errors=no }", "NodeName=b NodeHostName=HOST")]
    [InlineData("Environment=SLURM_CONF=/etc/b.conf\nExecStart={ path=/usr/sbin/slurmd ; argv[]=/usr/sbin/slurmd -DN b ; ignore_errors=no }", "NodeName=b NodeHostName=elsewhere")]
    public void A_Slurm_whose_slurmd_is_down_and_that_has_a_configuration_of_its_own_is_asked_too(string unit, string nodes)
    {
        _node.StartDaemon();
        _node.Record("16");
        _node.Slurmd(100, "-f", "/etc/a.conf", "-N", "a");
        Configuration("b");

        Hookctl run = TwoSlurms(unit, "NodeName=a", nodes);

        Assert.Equal("", run.Errors);
        Assert.Equal(["Reconciled 16,17", "Refresh"], _node.Calls);
    }

    /// <summary>A slurm.conf that is left over, or that leads to another cluster: no job of it is here.</summary>
    [Theory]
    [InlineData("b", "NodeName=other NodeHostName=other")]
    [InlineData("gone", "NodeName=HOST")]
    public void A_unit_whose_Slurm_has_no_node_here_does_not_keep_the_others_from_being_reconciled(string conf, string nodes)
    {
        _node.StartDaemon();
        _node.Record("16");
        _node.Slurmd(100, "-f", "/etc/a.conf", "-N", "a");
        Configuration("b");
        string forgotten = _node.Meant("16");

        Hookctl run = TwoSlurms($"ExecStart={{ argv[]=/usr/sbin/slurmd -f /etc/{conf}.conf ; ignore_errors=no }}", "NodeName=a", nodes);

        Assert.Equal("", run.Errors);
        Assert.Equal([$"Reconciled 17 {forgotten}", "Refresh"], _node.Calls);
    }

    [Theory]
    [InlineData("NodeName=a", "exit 1", "failed with exit code 1")]
    [InlineData("NodeName=a", "echo strange", "printed 'strange', which is no node")]
    [InlineData("NodeName=other", "echo NodeName=b NodeHostName=HOST", "slurmd runs here as node 'a' (-N), which slurmctld does not know")]
    public void When_one_of_several_Slurms_cannot_tell_nothing_is_forgotten(string first, string second, string why)
    {
        _node.StartDaemon();
        _node.Record("16");
        _node.Slurmd(100, "-f", "/etc/a.conf", "-N", "a");
        Configuration("b");

        Hookctl run = TwoSlurms("ExecStart={ argv[]=/usr/sbin/slurmd -f /etc/b.conf ; ignore_errors=no }", first, secondScript: second);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
        Assert.Contains(second.StartsWith("echo Node", StringComparison.Ordinal) ? "(/etc/a.conf, -f of slurmd (process 100))" : "(/etc/b.conf, -f of slurmd@b.service)", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
    }

    [Fact]
    public void Without_a_running_slurmd_its_unit_says_which_Slurm_to_ask()
    {
        _node.StartDaemon();
        _node.Record("16");
        Configuration("b");

        Hookctl run = TwoSlurms("ExecStart={ argv[]=/usr/sbin/slurmd -f /etc/b.conf ; ignore_errors=no }", "NodeName=HOST", "NodeName=HOST");

        Assert.Equal("", run.Errors);
        Assert.Equal(["Reconciled 16", "Refresh"], _node.Calls);
    }

    [Fact]
    public void A_squeue_that_does_not_answer_is_killed_after_two_seconds_and_said()
    {
        _node.StartDaemon();
        _node.Record("16");
        using FakeProgram squeue = new("squeue", "echo $$ >pid; sleep 600; true");

        Hookctl run = Run(squeue, Here);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("did not answer within 2 s and was killed", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
        Assert.False(Directory.Exists($"/proc/{squeue.Left("pid").Trim()}"));
    }

    private string Proof => $"{_node.RunDirectory}/jobs/.complete";

    /// <summary>Nothing of the machine that the tests run on.</summary>
    private string[] Elsewhere => ["--proc", _node.Proc, "--root", _node.Root.Path, "--systemctl", "/bin/false", .. _node.Options];

    private void Configuration(string name)
    {
        Directory.CreateDirectory(_node.Root["etc"]);
        File.WriteAllText(_node.Root[$"etc/{name}.conf"], "");
    }

    /// <summary>Reconciles with a Slurm of /etc/a.conf that has job 17, and one of /etc/b.conf that has job 16.</summary>
    /// <param name="unit">What systemd shows of slurmd@b.service.</param>
    private Hookctl TwoSlurms(string unit, string first, string second = "", string? secondScript = null)
    {
        using FakeProgram squeue = new("squeue", "case $SLURM_CONF in /etc/b.conf) echo '16|RUNNING' ;; *) echo '17|RUNNING' ;; esac");
        using FakeProgram scontrol = new("scontrol", OfHost($"case $SLURM_CONF in /etc/b.conf) {secondScript ?? $"echo {second}"} ;; *) echo {first} ;; esac"));
        using FakeProgram systemctl = new("systemctl", $"cat <<'end'\nId=slurmd@b.service\n{unit}\nend");
        return Hookctl.Run(["reconcile", "--squeue", squeue.FilePath, "--scontrol", scontrol.FilePath, .. Elsewhere.Select(word => word == "/bin/false" ? systemctl.FilePath : word)]);
    }

    private static string OfHost(string text) => text.Replace("HOST", Environment.MachineName, StringComparison.Ordinal);

    private static string Here => "NodeName=n1 NodeAddr=n1 NodeHostName=HOST";

    private Hookctl Reconcile(string squeueScript, params string[] more)
    {
        using FakeProgram squeue = new("squeue", squeueScript);
        return Run(squeue, Here, more);
    }

    private Hookctl Run(FakeProgram squeue, string nodes, params string[] more)
    {
        using FakeProgram scontrol = new("scontrol", $"cat <<'end'\n{OfHost(nodes)}\nend");
        return Hookctl.Run(["reconcile", "--squeue", squeue.FilePath, "--scontrol", scontrol.FilePath, .. more, .. Elsewhere]);
    }
}
