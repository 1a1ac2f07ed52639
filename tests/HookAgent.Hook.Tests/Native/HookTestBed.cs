using HookAgent.Tests;

namespace HookAgent.Hook.Tests.Native;

/// <summary>A run directory, a journal and an environment like slurmd's, in which a test runs the hook.</summary>
public abstract class HookTestBed : IDisposable
{
    /// <summary>
    /// How much later than its deadline a hook may be seen to have ended on a busy machine. One that misses it waits for what
    /// never comes; by how much it may, the benchmark and the system tests say.
    /// </summary>
    protected static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    private protected HookTestBed()
    {
        Directory.CreateDirectory(Folder["run/jobs"]);
        File.WriteAllText(Folder["run/boot-id"], "5a3c7e1f9b2d4086a1c3e5f708192a3b\n");
        Journal = new FakeJournal(Folder["journal"]);
    }

    private protected TemporaryFolder Folder { get; } = new();

    private protected FakeJournal Journal { get; }

    /// <summary>What slurmd of Slurm 22.05 sets for a job 77 of alice's.</summary>
    private protected Dictionary<string, string> Slurm { get; } = new()
    {
        ["SLURM_JOB_ID"] = "77",
        ["SLURM_JOBID"] = "77",
        ["SLURM_JOB_UID"] = "1000",
        ["SLURM_JOB_GID"] = "1000",
        ["SLURM_JOB_USER"] = "alice",
        ["SLURM_JOB_PARTITION"] = "debug",
        ["SLURM_JOB_CPUS_PER_NODE"] = "2(x2),1",
        ["SLURM_JOB_RESTART_COUNT"] = "3",
        ["SLURM_JOB_END_TIME"] = "1790000000",
        ["SLURM_UID"] = "0",
    };

    private protected string[] Records => [.. Directory.GetFileSystemEntries(Folder["run/jobs"]).Select(Path.GetFileName).Order()!];

    public virtual void Dispose()
    {
        Journal.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Publish(double timeout, double prologWait = 0) => File.WriteAllText(
        Folder["run/hook.conf"],
        $"TIMEOUT_USEC={timeout * 1e6:F0}\nPROLOG_WAIT_USEC={prologWait * 1e6:F0}\n");

    private protected string[] Command(params string[] words) =>
        [HookBinary.Path, "--bus", "unix:path=" + Folder["bus"], "--run-dir", Folder["run"], "--journal", Journal.Path, .. words];

    private protected Task<HookRun> Run(params string[] words) => HookRun.Of(Command(words), Slurm);

    private protected Task<HookRun> RunAs(string context)
    {
        Slurm["SLURM_SCRIPT_CONTEXT"] = context;
        return Run();
    }

    /// <summary>Exit code 0 and not a word, neither printed nor in the journal.</summary>
    private protected void AssertQuiet(HookRun run)
    {
        AssertEndedWell(run);
        Assert.Empty(Journal.Entries());
    }

    /// <summary>Exit code 0, nothing printed, and this one entry in the journal, which is returned.</summary>
    private protected IReadOnlyDictionary<string, string> AssertTold(HookRun run, string messageId, params string[] words)
    {
        AssertEndedWell(run);
        IReadOnlyDictionary<string, string> entry = Assert.Single(Journal.Entries());
        Assert.Equal("slurm-hook", entry["SYSLOG_IDENTIFIER"]);
        Assert.True(messageId == entry["MESSAGE_ID"], entry["MESSAGE"]);
        Assert.All(words, word => Assert.Contains(word, entry["MESSAGE"], StringComparison.Ordinal));
        return entry;
    }

    private protected static void AssertBetween(double least, double deadline, HookRun run) =>
        Assert.InRange(run.Elapsed, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(deadline) + Slack);

    private static void AssertEndedWell(HookRun run)
    {
        Assert.Equal("", run.Error);
        Assert.Equal("", run.Output);
        Assert.Equal(0, run.ExitCode);
    }
}
