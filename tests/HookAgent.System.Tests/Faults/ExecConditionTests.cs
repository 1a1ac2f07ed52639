using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>The site's own policy: an ExecCondition= of the provider's unit, and what goes with a node that Slurm has drained.</summary>
public sealed class ExecConditionTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Examples = "/usr/share/doc/hookagent/examples";
    private const string Folder = "/etc/systemd/system/wasimoff-provider.service.d";
    private const string DropIn = $"{Folder}/60-condition.conf";
    private const string Condition = "/etc/site-condition";
    private const string Asked = "/run/site-condition-asked";
    private const string Health = "/usr/local/libexec/hookagent-health";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>systemd tells what refused only while it keeps the unit loaded, which it must also do after a daemon-reexec.</summary>
    [Fact]
    public void Refuses() => Fault("ExecCondition= refuses, then agrees", NoOverlap, () => Conditioned("exit 1", () =>
    {
        BootTime since = BootClock.Now();
        Bench.Begin(Waiting);
        Agent.WaitFor("held", "exec-condition");
        JobRun job = Slurm.Srun(0.3);
        Agent.WaitFor("held", "exec-condition");
        Node.Run("systemctl", "daemon-reexec");
        HasAskedAgain(() => Node.Run("hookctl", "retry"));
        Agent.WaitFor("held", "exec-condition");
        NoFailure(since);
        Assert.Empty(Provider.Runs());

        Node.Write(Condition, "exit 0");
        BootTime asked = BootClock.Now();
        Node.Run("hookctl", "retry");
        ProviderRun run = LentAfter(asked);
        NoFailure(since);
        return $"held (exec-condition), also after a job and daemon-reexec, no failure; lent {(run.Start - asked).Ms()} after it agreed";
    }));

    [Fact]
    [Trait("Duration", "long")]
    public void Is_asked_again_after_a_minute() => Fault("ExecCondition= refuses once", NoOverlap, () => Conditioned("exit 1", () =>
    {
        Bench.Begin(Waiting);
        Agent.WaitFor("held", "exec-condition");
        BootTime held = BootClock.Now();
        Node.Write(Condition, "exit 0");
        Agent.WaitUntilLent(TimeSpan.FromSeconds(90));
        TimeSpan pause = LentAfter(held).Start - held;
        Assert.InRange(pause, TimeSpan.FromSeconds(58), TimeSpan.FromSeconds(77));
        return $"lent {pause.Ms()} after the refusal";
    }));

    [Fact]
    public void Fails() => Fault("ExecCondition= exits 255", NoOverlap, () => Conditioned("exit 255", () =>
    {
        Bench.Begin(Waiting);
        Agent.WaitFor("failed", "start-failed");
        Node.Write(Condition, "exit 0");
        BootTime asked = BootClock.Now();
        Node.Run("hookctl", "retry");
        LentAfter(asked);
        return "failed (start-failed); mended, it is lent";
    }));

    [Fact]
    public void A_job_comes_while_it_runs() => Fault("a job comes while ExecCondition= runs", NoOverlap, () => Conditioned("exec sleep 60", () =>
    {
        BootTime since = BootClock.Now();
        HasAskedAgain(() => Bench.Begin(Waiting));
        Agent.WaitFor("lending", "starting");
        BootTime submitted = BootClock.Now();
        JobRun job = Slurm.Srun(0.3);
        Node.Write(Condition, "exit 0");
        ProviderRun run = LentAfter(job.End);
        NoFailure(since);
        Assert.Single(Provider.Runs());
        return $"first line {(job.Begin - submitted).Ms()} after srun, no failure; lent {(run.Start - job.End).Ms()} after the job";
    }));

    /// <summary>
    /// The shipped example asks Slurm; while slurmctld says nothing, the answer is no. The stand-in's SuccessExitStatus=1 does
    /// not make a yes of it.
    /// </summary>
    [Fact]
    public void Asks_Slurm_whether_the_node_is_drained() => Fault("the example asks for a drained node, then a silent slurmctld", NoOverlap, () => Conditioned("", () =>
    {
        BootTime since = BootClock.Now();
        Node.Shell($"cd {Examples} && install -D -t /usr/local/libexec hookagent-in-service && install -D -m 644 hookagent-in-service.conf {DropIn} && systemctl daemon-reload");
        Bench.Begin(Waiting);
        Agent.WaitUntilLent();
        Agent.Stop();
        try
        {
            Node.Run("scontrol", "update", $"nodename={Node.Name}", "state=drain", "reason=test");
            Agent.Start();
            Agent.WaitFor("held", "exec-condition");
        }
        finally
        {
            Slurm.Resume();
        }

        // A node that was resumed is idle* until slurmd has answered slurmctld once more.
        Eventually.Get("Slurm has the node in service", s_patience, () => SlurmState() == "idle" ? "" : null, SlurmState);
        Node.Run("hookctl", "retry");
        Agent.WaitUntilLent();
        Agent.Stop();
        BootTime silent = BootClock.Now();
        TimeSpan told;
        Node.Run("systemctl", "kill", "--signal=STOP", "slurmctld");
        try
        {
            Agent.Start();
            Agent.WaitFor("held", "exec-condition");
            told = BootClock.Now() - silent;
        }
        finally
        {
            Node.Run("systemctl", "kill", "--signal=CONT", "slurmctld");
        }

        Node.Run("hookctl", "retry");
        Agent.WaitUntilLent();
        NoFailure(since);
        return $"held while drained, and {told.Ms()} after a start beside a slurmctld that was silent; lent when it answered";
    }));

    /// <summary>As NHC calls its helpers, with an operator's hold between.</summary>
    [Fact]
    public void A_health_check_holds_the_node_and_ends_no_hold_but_its_own() => Fault("a health check takes the node offline and back", NoOverlap, () =>
    {
        const string helper = "/usr/libexec/nhc/node-mark-offline";
        Bench.BeginLent(Waiting);
        try
        {
            Node.Shell($"mkdir -p /usr/local/libexec /usr/libexec/nhc && cp {Examples}/hookagent-health {Health} && printf '#!/bin/sh\\nprintf \"%%s,\" \"$@\" >/run/nhc-said\\n' >{helper} && chmod +x {helper}");
            Node.Run("sh", "-c", $"OFFLINE_NODE='{Health} offline'; $OFFLINE_NODE n1 'too little memory'");
            Assert.Equal("n1,too little memory,", Node.Read("/run/nhc-said"));
            Agent.WaitFor("held", "operator-hold");
            Node.Run(Health, "offline");
            Node.Run(Health, "online");
            Agent.WaitUntilLent();
            Node.Run("hookctl", "hold", "--reason", "new memory");
            Node.Run(Health, "offline");
            Node.Run(Health, "online");
            Agent.WaitFor("held", "operator-hold");
            Assert.Contains("\"new memory\"", Node.Run("hookctl", "status").Output, StringComparison.Ordinal);
            Node.Run("hookctl", "release");
            Agent.WaitUntilLent();
            return "held and lent again; an operator's hold stayed";
        }
        finally
        {
            Node.Shell($"rm -rf {Health} /usr/libexec/nhc /run/nhc-said; hookctl release");
        }
    });

    /// <summary>
    /// With a command of the unit's that reads what it answers from a file, and notes that it was asked. The stand-in's
    /// SuccessExitStatus=1 would make its 1 a yes (systemd counts it for ExecCondition=, too).
    /// </summary>
    private string Conditioned(string script, Func<string> body)
    {
        Node.Write(Condition, script);
        Node.Shell($"mkdir -p {Folder} && printf '[Service]\\nSuccessExitStatus=\\nExecCondition=+/bin/sh -c \"echo >>{Asked}; . {Condition}\"\\n' >{DropIn} && rm -f {Asked} && systemctl daemon-reload");
        try
        {
            return body();
        }
        finally
        {
            Node.Shell($"rm -f {DropIn} {Condition} {Asked} /usr/local/libexec/hookagent-in-service; systemctl daemon-reload");
        }
    }

    private string SlurmState() => Node.Run("sinfo", "--noheader", $"--nodes={Node.Name}", "--format=%T").Text.Trim();

    private void HasAskedAgain(Action ask)
    {
        int Times() => int.Parse(Node.Shell($"cat {Asked} 2>/dev/null | wc -l").Text, System.Globalization.CultureInfo.InvariantCulture);

        int before = Times();
        ask();
        Eventually.Get("the condition is asked", s_patience, () => Times() > before ? "" : null, () => $"The node is {Agent.Status()}.");
    }

    private void NoFailure(BootTime since)
    {
        Assert.Empty(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.ProviderFailed}"));
        Assert.Empty(Journal.Find(since, "HOOKAGENT_STATE=failed"));
    }
}
