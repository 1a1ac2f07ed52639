using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Sites;

/// <summary>
/// A node as some sites have it: a node of its own each, because its Slurm or its root is another. Ends in a row of the table
/// that the runner prints.
/// </summary>
[Trait("Kind", "site")]
[Trait("Duration", "long")]
public abstract class SiteTest(ITestOutputHelper output)
{
    /// <summary>Settings under which a job never meets a provider that stops.</summary>
    private protected const string Waiting = "[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n";

    private protected static TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>Boots a node with packages and stand-in, wires its Slurm, and checks what must hold after the story.</summary>
    /// <param name="body">Gives what was seen, in a few words.</param>
    private protected void Site(string name, Func<Lab, Bench, string> body)
    {
        string[] packages = [Packages.Agent, Packages.Provider];
        using Lab lab = Lab.Up("site");
        Bench bench = new(lab.Node);
        try
        {
            bench.Agent.Set(Waiting);
            lab.Install(packages);
            lab.Standin();
            bench.WireTheHook();
            bench.Slurm.ForgetRuns();
            string seen = body(lab, bench);
            Assert.DoesNotContain(bench.Node.Run("sinfo", "-hN", "-o", "%T").Lines, static state => state.StartsWith("dr", StringComparison.Ordinal) || state.StartsWith("down", StringComparison.Ordinal));
            Assert.Empty(bench.Agent.RecordedJobs);
            TimeSpan worst = bench.WorstOverlap();
            Assert.Equal(TimeSpan.Zero, worst);
            output.WriteLine($"fault: {name} | {seen} | 0 of 0 s | ok");
        }
        catch (Exception failure)
        {
            output.WriteLine($"fault: {name} | {failure.Message.Split('\n')[0]} | | FAILED");
            output.WriteLine(bench.Journal.Tail(250));
            throw;
        }
    }

    /// <summary>Waits until Slurm has so many nodes, all of them idle.</summary>
    private protected static void Idle(Bench bench, int nodes = 1) => Eventually.True(
        $"{nodes} idle", Patience, () => bench.Node.Try("sinfo", "-hN", "-o", "%T") is { Succeeded: true } said && said.Lines.Count == nodes && said.Lines.All(static state => state == "idle"));

    /// <summary>The node is lent, a job takes it, and it is lent again.</summary>
    private protected static string TakesAndGivesBack(Bench bench)
    {
        bench.Agent.WaitUntilLent();
        bench.WaitUntilReady();
        BootTime asked = BootClock.Now();
        JobRun job = bench.Slurm.Srun(0.5);
        bench.Agent.WaitUntilLent();
        ProviderRun next = bench.WaitUntilReady();
        Assert.True(next.Start > job.End, $"the provider that runs began at {next.Start}, the job ended at {job.End}");
        return $"a job began {(job.Begin - asked).Ms()} after it was asked for; lent again {(next.Start - job.End).Ms()} after it";
    }

    /// <summary>doctor finds no fault, and reconcile reaches Slurm and has nothing to forget.</summary>
    private protected static void IsWell(Bench bench)
    {
        string doctor = bench.Node.Try("hookctl", "doctor", "--json").Output;
        Assert.DoesNotContain("\"verdict\": \"fault\"", doctor.Replace("\":\"", "\": \"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("nothing had to be forgotten", bench.Node.Run("hookctl", "reconcile").Text, StringComparison.Ordinal);
    }
}
