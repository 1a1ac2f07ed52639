using HookAgent.Core.Journal;

namespace HookAgent.Hook.Tests.Native;

/// <summary>What the hook cannot make sense of it names, and does nothing else.</summary>
[Collection(NativeCollection.Name)]
public sealed class BadInputTests : HookTestBed
{
    [Theory]
    [InlineData("prolog_slurmctld")]
    [InlineData("epilog_slurmctld")]
    [InlineData("prolog_task")]
    [InlineData("epilog_task")]
    [InlineData("something\nMESSAGE_ID=forged")]
    public async Task Another_script_of_Slurms(string context)
    {
        AssertTold(await RunAs(context), MessageIds.HookInOtherContext, context.Split('\n')[0], "slurm.conf");
        Assert.Empty(Records);

        // Even where a site's script says the verb.
        AssertTold(await Run("prolog"), MessageIds.HookInOtherContext);
        Assert.Empty(Records);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1_2")]
    [InlineData("../77")]
    [InlineData("/etc/passwd")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("4294967294")]
    [InlineData("77\n")]
    public async Task No_job_id(string? id)
    {
        Slurm.Remove("SLURM_JOB_ID");
        if (id is not null)
        {
            Slurm["SLURM_JOB_ID"] = id;
        }

        await File.WriteAllTextAsync(Folder["run/77"], "stays");
        AssertTold(await RunAs("prolog_slurmd"), MessageIds.HookWithoutJob, "prolog");
        AssertTold(await RunAs("epilog_slurmd"), MessageIds.HookWithoutJob, "epilog");
        Assert.Empty(Records);
        Assert.True(File.Exists(Folder["run/77"]));
    }

    [Fact]
    public async Task A_job_id_of_100_KB()
    {
        Slurm["SLURM_JOB_ID"] = new string('9', 100_000);
        AssertTold(await RunAs("prolog_slurmd"), MessageIds.HookWithoutJob);
    }

    [Fact]
    public async Task Neither_verb_nor_context() =>
        AssertTold(await Run(), MessageIds.HookMisused, "SLURM_SCRIPT_CONTEXT", "--help");

    [Fact]
    public async Task An_unknown_option() =>
        AssertTold(await Run("--frobnicate", "prolog"), MessageIds.HookMisused, "--frobnicate");

    /// <summary>As much as the kernel lets through: more than the heap of the hook has room for.</summary>
    [Theory]
    [InlineData(15, 130_000)]
    [InlineData(1_000, 1_900)]
    [InlineData(100_000, 8)]
    public async Task Arguments_of_two_megabytes(int count, int length)
    {
        AssertTold(await Run([.. Enumerable.Repeat(new string('a', length), count)]), MessageIds.HookMisused, "aaaa");
        AssertTold(await Run(["prolog", .. Enumerable.Repeat(new string('7', length), count)]), MessageIds.HookMisused, "7777");
        Assert.Empty(Records);
    }

    [Fact]
    public async Task A_path_that_is_cut_is_none()
    {
        await Run("prolog", "--run-dir", Folder["run"] + new string('/', 130_000));
        Assert.Empty(Records);
    }

    [Fact]
    public async Task Not_root()
    {
        // Where everybody can get at it, so that it is the hook which refuses.
        File.SetUnixFileMode(Folder.Path, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(Journal.Path, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(Folder["run/jobs"], (UnixFileMode)0x1FF);
        File.Copy(HookBinary.Path, Folder["slurm-hook"]);
        string[] command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Folder["slurm-hook"], .. Command("prolog").Skip(1)];
        Slurm["PATH"] = "/usr/bin:/bin";

        IReadOnlyDictionary<string, string> entry = AssertTold(await HookRun.Of(command, Slurm), MessageIds.HookNotRoot, "Job 77", "root");
        Assert.Equal("77", entry["SLURM_JOB_ID"]);
        Assert.Empty(Records);
    }

    [Fact]
    public async Task Bad_settings_are_told_and_their_defaults_taken()
    {
        await File.WriteAllTextAsync(Folder["run/hook.conf"], "TIMEOUT_USEC=forever\nPROLOG_WAIT_USEC=-1\n");
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((_, _) => Task.CompletedTask);
        HookRun run = await Run("prolog");
        AssertBetween(1, 1, run);
        Assert.Equal([MessageIds.HookSettingsBad, MessageIds.BusSilent], Journal.Entries().Select(entry => entry["MESSAGE_ID"]));
    }

    [Fact]
    public async Task Help_and_version_are_printed()
    {
        HookRun help = await Run("--help");
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.StartsWith("Usage: slurm-hook", help.Output, StringComparison.Ordinal);

        HookRun version = await Run("--version");
        Assert.Equal((0, ""), (version.ExitCode, version.Error));
        Assert.Matches(@"^slurm-hook \d+\.\d+\.\d+\n$", version.Output);
        Assert.Empty(Journal.Entries());
    }

    [Fact]
    public async Task On_a_terminal_it_says_so_there_too()
    {
        Slurm["PATH"] = "/usr/bin:/bin";
        string command = string.Join(' ', Command("prolog", "seventy").Select(word => $"'{word}'"));
        HookRun run = await HookRun.Of(["script", "--quiet", "--return", "--command", command, "/dev/null"], Slurm);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("slurm-hook: Run as prolog for 'seventy'", run.Output, StringComparison.Ordinal);
        Assert.Equal(MessageIds.HookWithoutJob, Assert.Single(Journal.Entries())["MESSAGE_ID"]);
    }
}
