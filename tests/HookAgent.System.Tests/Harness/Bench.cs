using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>A node with all that is on it, and how a test begins and ends on it.</summary>
internal sealed class Bench(Node node)
{
    private const string Example = "/usr/share/doc/hookagent/examples/slurm.conf";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public Node Node => node;

    public Slurm Slurm { get; } = new(node);

    public Agent Agent { get; } = new(node);

    public Provider Provider { get; } = new(node);

    public Journal Journal { get; } = new(node);

    public HookLink Hook { get; } = new(node);

    /// <summary>Merges the lines of the packaged example into slurm.conf, and waits until slurmd goes by them.</summary>
    public void WireTheHook()
    {
        string[] lines = [.. node.Read(Example).Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        Assert.Equal(["Prolog", "Epilog", "PrologFlags"], lines.Select(line => line.Split('=')[0]));
        Slurm.Merge(lines);
        BootTime since = BootClock.Now();
        Eventually.True("slurmd runs the hook", s_patience, () =>
        {
            JobRun job = Slurm.Srun(0);
            return Journal.Find(since, $"SLURM_JOB_ID={job.Id}").Length > 0;
        });

        // The package holds a node that it comes to before Slurm runs the hook.
        node.Run("hookctl", "release");
    }

    /// <summary>The same with the recorder in the hook's place.</summary>
    public void WireSlurm()
    {
        WireTheHook();
        Hook.RunTheRecorded();
        Slurm.SetHook(HookLink.Path);
        BootTime since = BootClock.Now();
        Eventually.True("slurmd calls the recorder", s_patience, () =>
        {
            Slurm.Srun(0);
            return HookRun.Since(node, since).Length > 0;
        });
    }

    /// <summary>A clean node with these settings, its daemon running; the provider behaves as told.</summary>
    public void Begin(string settings, string provider = "")
    {
        Clear();
        Agent.Set(settings);
        Provider.Behave(provider);
        Provider.ForgetRuns();
        Slurm.ForgetRuns();
        Agent.Start();
        Node.Run("hookctl", "reconcile");
    }

    /// <summary>The same, and the node is lent.</summary>
    public void BeginLent(string settings, string provider = "")
    {
        Begin(settings, provider);
        Agent.WaitUntilLent();
        WaitUntilReady();
    }

    public ProviderRun WaitUntilReady() => Eventually.Get(
        "the provider is ready", s_patience, () => Provider.Runs().LastOrDefault() is { Ready: not null, Ended: false } run ? run : null, () => "");

    /// <summary>What holds after every test, whatever it was about.</summary>
    /// <param name="recordsToo">Not where a fault keeps the hook from its records.</param>
    public void CheckUndrained(bool recordsToo = true)
    {
        string state = Slurm.NodeState();
        Assert.False(state.Contains("DRAIN", StringComparison.Ordinal) || state.Contains("DOWN", StringComparison.Ordinal), $"the node is {state}");
        if (!recordsToo)
        {
            return;
        }

        Eventually.Get("no record is left", s_patience, () => Agent.RecordedJobs.Count == 0 ? "" : null, () => $"There are {string.Join(' ', Agent.RecordedJobs)}.");
    }

    /// <summary>Each hook that slurmd ran since then, once all have ended; the one that came closest to its limit first.</summary>
    public HookRun[] HooksSince(BootTime moment)
    {
        Eventually.True("the last hook has ended", s_patience, () => !HookRun.AnyNow(node));
        return [.. HookRun.Since(node, moment).OrderBy(run => run.Limit(Agent.HookLimits) - run.Life.Length)];
    }

    /// <summary>It ended well and in time.</summary>
    public void Check(HookRun run)
    {
        TimeSpan limit = run.Limit(Agent.HookLimits);
        Assert.True(run.ExitCode == 0, $"{run.Context} of job {run.Job} exited {run.ExitCode}");
        Assert.True(run.Life.Length <= limit, $"{run.Context} of job {run.Job} took {run.Life.Length.Ms()}, {limit.Ms()} were allowed");
    }

    /// <summary>The longest that any job of this test and any provider ran side by side, by their own stamps.</summary>
    public TimeSpan WorstOverlap()
    {
        ProviderRun[] providers = Provider.Runs();
        return Slurm.Runs.SelectMany(_ => providers, (job, provider) => provider.Life.Overlap(job.Life)).Append(TimeSpan.Zero).Max();
    }

    /// <summary>Takes away what an earlier test may have left, also one that failed.</summary>
    private void Clear()
    {
        if (!Slurm.NoJobs)
        {
            Slurm.CancelAll();
            Eventually.True("no job is left", s_patience, () => Slurm.NoJobs);
        }

        Agent.Stop();
        node.Shell($"rm -rf {Agent.Records}/* /var/lib/hookagent/node.state");
        if (Slurm.NodeState() is var state && (state.Contains("DRAIN", StringComparison.Ordinal) || state.Contains("DOWN", StringComparison.Ordinal)))
        {
            Slurm.Resume();
        }
    }
}
