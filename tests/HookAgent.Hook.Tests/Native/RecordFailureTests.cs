using HookAgent.Core.Journal;

namespace HookAgent.Hook.Tests.Native;

/// <summary>The record cannot be written or removed: the daemon is told just that, and the job goes on.</summary>
[Collection(NativeCollection.Name)]
public sealed class RecordFailureTests : HookTestBed
{
    /// <summary>Also where the bus has the processor in its turn alone. The directory of one test is gone, and the settings with it.</summary>
    public RecordFailureTests() => Publish(timeout: 10);

    [Fact]
    public async Task The_directory_is_gone()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        Directory.Delete(Folder["run"], recursive: true);

        AssertTold(await Run("prolog"), MessageIds.RecordNotWritten, "Job 77", "No such file", "systemd-tmpfiles");
        Assert.True(node.Call().Is("RecordFailed", "77"));
        Assert.False(Directory.Exists(Folder["run"]));

        AssertQuiet(await Run("epilog"));
        Assert.True(node.Call().Is("JobEnded", "77"));
    }

    [Theory]
    [InlineData("is full", "dd if=/dev/zero of=jobs/.filler bs=4096 2>/dev/null", "No space left")]
    [InlineData("has no inode left", "i=0; while touch jobs/.filler$i 2>/dev/null; do i=$((i+1)); done", "No space left")]
    [InlineData("is read-only", "mount -o remount,ro .", "Read-only file system")]
    public async Task The_file_system(string what, string spoil, string cause)
    {
        Assert.NotEmpty(what);
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        string script =
            $"""
            cd '{Folder["run"]}' && mount -t tmpfs -o size=16k,nr_inodes=20 none . && cd '{Folder["run"]}' && mkdir jobs || exit 99
            {spoil}
            "$@" || exit 98
            ls -A jobs | grep -v filler
            exit 0
            """;
        Slurm["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        HookRun run = await HookRun.Of(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", .. Command("prolog")], Slurm);

        AssertTold(run, MessageIds.RecordNotWritten, "Job 77", cause);
        Assert.True(node.Call().Is("RecordFailed", "77"));
    }

    [Fact]
    public async Task The_record_cannot_be_removed()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        Directory.CreateDirectory(Folder["run/jobs/77/x"]);

        AssertTold(await Run("epilog"), MessageIds.RecordNotRemoved, Folder["run/jobs/77"]);
        Assert.True(node.Call().Is("JobEnded", "77"));
    }

    [Fact]
    public async Task Neither_recorded_nor_told_is_two_entries()
    {
        Directory.Delete(Folder["run"], recursive: true);
        HookRun run = await Run("prolog");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Equal([MessageIds.RecordNotWritten, MessageIds.BusUnusable], Journal.Entries().Select(entry => entry["MESSAGE_ID"]));
    }
}
