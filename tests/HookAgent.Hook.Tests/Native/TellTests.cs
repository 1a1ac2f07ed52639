using System.Diagnostics;
using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;

namespace HookAgent.Hook.Tests.Native;

/// <summary>The hook's work when all is well, on a real bus with a real receiver.</summary>
[Collection(NativeCollection.Name)]
public sealed class TellTests : HookTestBed
{
    /// <summary>The bus and its receiver have the processor in their turn.</summary>
    public TellTests() => Publish(timeout: 10);

    [Theory]
    [InlineData("dbus-daemon")]
    [InlineData("dbus-broker")]
    public async Task A_prolog_writes_the_record_and_an_epilog_removes_it_and_the_daemon_is_told(string kind)
    {
        using PrivateBus bus = PrivateBus.In(Folder, kind);
        using NodeDouble node = new(bus, "--jobs", Folder["run/jobs"]);

        BootTime before = BootClock.Now();
        AssertQuiet(await RunAs("prolog_slurmd"));
        BootTime after = BootClock.Now();

        Call started = node.Call();
        Assert.True(started.Is("JobStarted", "77"), started.ToString());
        Assert.Equal(["77"], started.Records);
        BootId? boot = BootId.Read(Folder["run/boot-id"], out _);
        JobRecord record = Assert.Single(new JobDirectory(Folder["run/jobs"]).Read(boot).Records);
        Assert.InRange(record.StartedBootTime!.Value.Microseconds, before.Microseconds, after.Microseconds);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (record.StartedUsec!.Value / 1000), 0, 60_000);
        Assert.Equal(
            new JobRecord(record.Job)
            {
                Restart = 3,
                Uid = 1000,
                User = "alice",
                Partition = "debug",
                Cpus = "2(x2),1",
                EndTime = 1790000000,
                StartedUsec = record.StartedUsec,
                StartedBootTime = record.StartedBootTime,
                Boot = boot,
            },
            record);

        AssertQuiet(await RunAs("epilog_slurmd"));
        Call ended = node.Call();
        Assert.True(ended.Is("JobEnded", "77"), ended.ToString());
        Assert.Empty(ended.Records);
        Assert.Empty(Records);
    }

    [Fact]
    public async Task An_epilog_without_a_record_is_normal()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        AssertQuiet(await RunAs("epilog_slurmd"));
        Assert.True(node.Call().Is("JobEnded", "77"));
    }

    [Fact]
    public async Task By_hand_the_environment_of_another_job_is_not_this_ones()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        AssertQuiet(await Run("prolog", "78"));
        Assert.True(node.Call().Is("JobStarted", "78"));
        JobRecord record = Assert.Single(new JobDirectory(Folder["run/jobs"]).Read(null).Records);
        Assert.Null(record.Uid);
        Assert.Null(record.User);
        Assert.NotNull(record.StartedUsec);
    }

    [Fact]
    public async Task In_a_sites_script_the_verb_takes_the_job_from_the_environment()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        AssertQuiet(await Run("prolog"));
        Assert.True(node.Call().Is("JobStarted", "77"));
        Assert.Equal(["77"], Records);

        Slurm["SLURM_SCRIPT_CONTEXT"] = "epilog_slurmd";
        AssertQuiet(await Run("epilog"));
        Assert.True(node.Call().Is("JobEnded", "77"));
        Assert.Empty(Records);
    }

    [Fact]
    public async Task Many_at_once_are_all_recorded_and_all_told()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        string[] jobs = [.. Enumerable.Range(100, 60).Select(job => job.ToString(CultureInfo.InvariantCulture))];

        HookRun[] runs = await Task.WhenAll(jobs.Select(job => Run("prolog", job)));

        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        Assert.Empty(Journal.Entries());
        Assert.Equal(jobs, Records);
        List<string> told = [];
        while (told.Count < jobs.Length)
        {
            told.Add(node.Call().Arguments[0].GetString()!);
        }

        Assert.Equal(jobs, told.Order());
    }

    [Fact]
    public async Task A_prolog_waits_for_an_answer_that_is_held_back_and_an_epilog_does_not()
    {
        Publish(timeout: 1.5, prologWait: 30);
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus, "--delay", "3");

        HookRun prolog = await Run("prolog");
        AssertQuiet(prolog);
        AssertBetween(3, 31.5, prolog);

        HookRun epilog = await Run("epilog");
        AssertTold(epilog, MessageIds.DaemonSilent);
        AssertBetween(1.5, 15, epilog);
    }

    [Fact]
    public async Task Closed_descriptors_do_no_harm()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        string[] closed = ["/bin/sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"];

        // With something to say it must not land in what has got the number of standard error.
        HookRun run = await HookRun.Of([.. closed, .. Command("prolog", "78")], Slurm);
        AssertTold(run, MessageIds.DaemonAbsent);
        Assert.StartsWith("JOB_ID=78\nSTARTED_USEC=", await File.ReadAllTextAsync(Folder["run/jobs/78"]), StringComparison.Ordinal);

        using NodeDouble node = new(bus);
        AssertQuiet(await HookRun.Of([.. closed, .. Command("prolog")], Slurm));
        Assert.True(node.Call().Is("JobStarted", "77"));
        string record = await File.ReadAllTextAsync(Folder["run/jobs/77"]);
        Assert.StartsWith("JOB_ID=77\nRESTART=3\n", record, StringComparison.Ordinal);
        Assert.Matches("\nBOOT_ID=[0-9a-f]{32}\n$", record);
    }

    [Fact]
    public async Task The_daemon_is_never_activated()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        IReadOnlyDictionary<string, string> entry =
            AssertTold(await RunAs("prolog_slurmd"), MessageIds.DaemonAbsent, "Job 77", "systemctl status hookagentd");
        Assert.Equal("77", entry["SLURM_JOB_ID"]);
        Assert.Equal(["77"], Records);
        Assert.False(File.Exists(Folder["activated"]));

        // The trap is a real one: whoever asks for a start gets one.
        using Process call = Process.Start(
            "dbus-send",
            [$"--bus={bus.Address}", "--print-reply", "--reply-timeout=2000", "--dest=org.hookagent.Node1", "/", "a.b.c"]);
        await call.WaitForExitAsync();
        Assert.True(File.Exists(Folder["activated"]));
    }

    [Fact]
    public async Task The_environment_leads_it_nowhere()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        using FakeBus trap = new FakeBus(Folder["trap"]).Serve((_, _) => Task.CompletedTask);
        foreach (string name in (string[])["DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS", "DBUS_STARTER_ADDRESS", "HOOKAGENT_BUS"])
        {
            Slurm[name] = "unix:path=" + trap.Path;
        }

        Slurm["HOOKAGENT_RUN_DIR"] = Folder["trap-run"];
        Slurm["SPANK_SLURM_JOB_ID"] = "1";
        Slurm["SPANK_SLURM_JOB_USER"] = "mallory";
        AssertQuiet(await RunAs("prolog_slurmd"));
        Assert.True(node.Call().Is("JobStarted", "77"));
        Assert.Equal(0, trap.Accepted);
        Assert.DoesNotContain("mallory", await File.ReadAllTextAsync(Folder["run/jobs/77"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_user_can_name_cannot_add_a_key()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        Slurm["SLURM_JOB_PARTITION"] = "p\nJOB_ID=1\nUID=0";
        Slurm["SLURM_JOB_USER"] = new string('x', 100_000);
        AssertQuiet(await RunAs("prolog_slurmd"));
        JobRecord record = Assert.Single(new JobDirectory(Folder["run/jobs"]).Read(null).Records);
        Assert.Equal(("p?JOB_ID=1?UID=0", 1000u, null), (record.Partition, record.Uid, record.User));
    }
}
