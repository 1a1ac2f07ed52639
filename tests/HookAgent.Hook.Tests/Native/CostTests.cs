using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace HookAgent.Hook.Tests.Native;

/// <summary>What each job pays for the hook, in figures that are the same on a slow and on a busy machine.</summary>
[Collection(NativeCollection.Name)]
public sealed partial class CostTests(ITestOutputHelper output) : HookTestBed
{
    [Fact]
    public async Task Instructions()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        Slurm["SLURM_SCRIPT_CONTEXT"] = "prolog_slurmd";

        HookRun run = await HookRun.Of(
            ["valgrind", "--tool=callgrind", $"--callgrind-out-file={Folder["callgrind"]}", .. Command()], Slurm);

        Assert.True(node.Call().Is("JobStarted", "77"));
        Match collected = Collected().Match(run.Error);
        Assert.True(collected.Success, run.Error);
        AssertAccepted("hook-instructions", long.Parse(collected.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    /// <summary>Those before the hook's first are the loader's and the runtime's; its thread is not counted.</summary>
    [Fact]
    public async Task System_calls()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        Slurm["SLURM_SCRIPT_CONTEXT"] = "prolog_slurmd";

        // A busy machine's bus answers in more pieces than one, each of which is received: the fewest are the hook's own.
        int fewest = int.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            await HookRun.Of(["strace", "-qq", "-e", "signal=none", "-o", Folder["trace"], .. Command()], Slurm);
            Assert.True(node.Call().Is("JobStarted", "77"));
            string[] all = await File.ReadAllLinesAsync(Folder["trace"]);
            string[] own = [.. all.SkipWhile(call => !call.StartsWith("geteuid(", StringComparison.Ordinal))];
            Assert.True(own.Length > 1, string.Join('\n', all));
            Assert.StartsWith("exit_group(0)", own[^1], StringComparison.Ordinal);
            AssertAccepted("hook-start-system-calls", all.Length - own.Length);
            fewest = Math.Min(fewest, own.Length);
            File.Delete(Assert.Single(Directory.GetFiles(Folder["run/jobs"])));
        }

        AssertAccepted("hook-system-calls", fewest);
    }

    [Fact]
    public async Task Allocated_bytes()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        foreach ((string name, string value) in Slurm)
        {
            // libc's, which is where the hook looks.
            Assert.Equal(0, SetEnvironment(name, value, 1));
        }

        // The first run initializes what a native program has in its file.
        AllocatedByAProlog();
        AssertAccepted("hook-allocated-bytes", AllocatedByAProlog());
        Assert.True(node.Call().Is("JobStarted", "77"));
        Assert.True(node.Call().Is("JobStarted", "77"));
    }

    private long AllocatedByAProlog()
    {
        string[] arguments = [.. Command("prolog").Skip(1)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Program.Run(Entry.Now(), CommandLine.Parse(arguments));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void AssertAccepted(string name, long seen)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure: {name}: {seen}, at most {AcceptedCost.Of(name)}"));
        Assert.True(seen <= AcceptedCost.Of(name), $"{name}: {seen}, more than the {AcceptedCost.Of(name)} of tests/bench/accepted");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [GeneratedRegex(@"Collected : (\d+)")]
    private static partial Regex Collected();
}
