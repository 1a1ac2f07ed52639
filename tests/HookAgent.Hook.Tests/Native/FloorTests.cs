using System.Globalization;
using HookAgent.Core.Journal;
using HookAgent.Core.Settings;
using Xunit.Abstractions;

namespace HookAgent.Hook.Tests.Native;

/// <summary>
/// The limits under which the runtime comes to the hook's first instruction: what slurm-hook(8) promises, and how much
/// is really needed. Without CAP_SYS_RESOURCE, or the hook would lift them.
/// </summary>
[Collection(NativeCollection.Name)]
public sealed class FloorTests(ITestOutputHelper output) : HookTestBed
{
    /// <summary>Descriptors that the test run has from make or flock(1) are closed, or they would count.</summary>
    private static readonly string[] s_powerless =
        ["/bin/sh", "-c", "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec /usr/bin/setpriv --bounding-set -sys_resource \"$@\"", "sh"];

    [Fact]
    public async Task It_works_with_each_limit_at_its_floor() => Assert.True(await Works(
        $"--as={HookFloors.AddressSpaceBytes}", $"--data={HookFloors.DataBytes}", $"--stack={HookFloors.StackBytes}",
        $"--nofile={HookFloors.OpenFiles}"));

    [Theory]
    [InlineData("as", HookFloors.AddressSpaceBytes, "MiB", 1 << 20)]
    [InlineData("data", HookFloors.DataBytes, "MiB", 1 << 20)]
    [InlineData("stack", HookFloors.StackBytes, "KiB", 1 << 10)]
    [InlineData("nofile", HookFloors.OpenFiles, "descriptors", 1)]
    public async Task The_floor_measured_is_no_higher_than_the_one_documented(string option, long documented, string unit, int unitBytes)
    {
        long fails = 0;
        long works = documented;
        Assert.True(await Works($"--{option}={works}"), $"{option} at its documented floor of {works}");

        // To a hundredth, and to one where that is less.
        while (works - fails > Math.Max(1, documented / 100))
        {
            long middle = (works + fails) / 2;
            if (await Works($"--{option}={middle}"))
            {
                works = middle;
            }
            else
            {
                fails = middle;
            }
        }

        Assert.True(works > fails, $"{option}: any limit will do, so the documented floor is none");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: slurm-hook works from RLIMIT_{option.ToUpperInvariant()} {works / (double)unitBytes:0.##} {unit} on; documented {documented / unitBytes} {unit}"));
    }

    /// <summary>As root of a user namespace, because the real root's processes are not counted.</summary>
    [Fact]
    public async Task It_takes_two_threads()
    {
        const string owner = "12345";
        File.Copy(HookBinary.Path, Folder["slurm-hook"]);
        Assert.Equal(0, (await HookRun.Of(["/bin/chown", "-R", owner, Folder.Path], Slurm)).ExitCode);
        async Task<bool> WorksWith(int threads) => await Works(
            ["/usr/bin/setpriv", "--reuid", owner, "--regid", owner, "--clear-groups", "/usr/bin/unshare", "--user", "--map-root-user"],
            [$"--nproc={threads}"], [Folder["slurm-hook"], .. Command("prolog").Skip(1)]);

        Assert.True(await WorksWith(HookFloors.Threads), $"with {HookFloors.Threads} threads");
        Assert.False(await WorksWith(HookFloors.Threads - 1), "fewer threads will do, so the documented floor is none");
        output.WriteLine($"figure: slurm-hook works from RLIMIT_NPROC {HookFloors.Threads} on; documented {HookFloors.Threads}");
    }

    /// <summary>What a site's LimitAS= and the like leave open, the hook takes: a soft limit can always be lifted.</summary>
    [Theory]
    [InlineData("as", 8 << 20)]
    [InlineData("data", 1 << 20)]
    [InlineData("fsize", 0)]
    public async Task A_soft_limit_is_lifted(string option, long limit)
    {
        Assert.True(await Works([], [$"--{option}={limit}:"], Command("prolog")));
        AssertOnlyTheBusIsMissing();
    }

    [Fact]
    public async Task A_record_that_no_file_may_hold_is_told()
    {
        HookRun run = await HookRun.Of([.. s_powerless, "/usr/bin/prlimit", "--fsize=0", .. Command("prolog")], Slurm);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Empty(Records);
        Assert.Equal([MessageIds.RecordNotWritten, MessageIds.BusUnusable], Journal.Entries().Select(entry => entry["MESSAGE_ID"]));
    }

    /// <summary>Each of the first four ends a .NET program of the same build before its first instruction.</summary>
    [Theory]
    [InlineData("DOTNET_GCHeapHardLimit", "100")]
    [InlineData("DOTNET_GCRegionRange", "100")]
    [InlineData("DOTNET_GCRegionSize", "7")]
    [InlineData("DOTNET_GCLargePages", "1")]
    [InlineData("DOTNET_GCName", "libnothing.so")]
    [InlineData("DOTNET_GCTotalPhysicalMemory", "1")]
    [InlineData("DOTNET_GCHeapHardLimit", "10000000000")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_gcConcurrent", "1")]
    [InlineData("DOTNET_GCStress", "3")]
    [InlineData("DOTNET_EnableDiagnostics", "1")]
    public async Task The_runtimes_variables_do_not_reach_it(string variable, string value)
    {
        Slurm[variable] = value;
        Assert.True(await Works([], ["--core=0"], Command("prolog")));
        AssertOnlyTheBusIsMissing();
    }

    /// <summary>
    /// Below the floor it has memory for its work, and none for what slurmd says of the job, as large as Linux lets a variable
    /// be: so Main throws. The last words go to journald's own socket, which a mount namespace has another file for.
    /// </summary>
    [Fact]
    public async Task An_exception_is_told_and_does_not_drain_the_node()
    {
        const int leastKibibytes = 1500;
        const int mostKibibytes = 2300;
        const int stepKibibytes = 16;
        string[] journals = ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c",
            $"mount -t tmpfs none /run && mkdir -p /run/systemd/journal && ln -s '{Journal.Path}' /run/systemd/journal/socket && exec \"$@\"", "sh"];
        Slurm["SLURM_JOB_USER"] = new string('u', 131_000);
        Slurm["PATH"] = "/usr/bin:/bin";
        List<(int Kibibytes, int ExitCode)> thrown = [];
        for (int kibibytes = leastKibibytes; kibibytes <= mostKibibytes; kibibytes += stepKibibytes)
        {
            HookRun run = await HookRun.Of([.. journals, .. s_powerless, "/usr/bin/prlimit", $"--data={kibibytes << 10}", "--core=0", .. Command("prolog")], Slurm);
            if (Journal.Entries().Any(entry => entry["MESSAGE_ID"] == MessageIds.HookFault))
            {
                thrown.Add((kibibytes, run.ExitCode));
            }
        }

        Assert.NotEmpty(thrown);
        Assert.All(thrown, run => Assert.Equal(0, run.ExitCode));
    }

    [Fact]
    public void The_man_page_names_the_same_floors()
    {
        string[] page = File.ReadAllLines(Path.Combine(Repository(), "packaging", "man", "slurm-hook.8.scd"));
        string[] cells =
        [
            .. page.SkipWhile(line => line != "# LIMITS").Skip(1).TakeWhile(line => !line.StartsWith('#'))
                .Where(line => line.StartsWith(":  ", StringComparison.Ordinal)).Select(line => line[3..]),
        ];
        Assert.Equal(
            [
                $"{HookFloors.AddressSpaceBytes >> 20} MiB", $"{HookFloors.DataBytes >> 20} MiB",
                $"{HookFloors.StackBytes >> 10} KiB", $"{HookFloors.OpenFiles}", $"{HookFloors.Threads}",
            ],
            cells.Where((_, index) => index % 2 == 0));
    }

    private static string Repository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "HookAgent.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"no HookAgent.sln above {AppContext.BaseDirectory}");
    }

    private Task<bool> Works(params string[] limits) => Works(s_powerless, limits, Command("prolog"));

    private async Task<bool> Works(string[] before, string[] limits, string[] command)
    {
        File.Delete(Folder["run/jobs/77"]);
        HookRun run = await HookRun.Of([.. before, "/usr/bin/prlimit", .. limits, .. command], Slurm);
        return run.ExitCode == 0 && Records is ["77"];
    }

    private void AssertOnlyTheBusIsMissing() =>
        Assert.Equal([MessageIds.BusUnusable], Journal.Entries().Select(entry => entry["MESSAGE_ID"]));
}
