using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// An ordinary user reads the agent's status without a pause while jobs come and go. Readers have a connection of the agent's
/// to themselves, so what waits for them is in no hook's way.
/// </summary>
public sealed class BusFloodTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Object = "/org/hookagent/Node1";
    private const string Properties = "org.freedesktop.DBus.Properties";

    [Fact]
    public void A_flood_that_is_answered_leaves_a_hook_most_of_its_time() => Flood("is answered", 3);

    /// <summary>Nothing bounds how many calls wait for their receiver but the bus's memory, which takes a while to fill.</summary>
    [Fact]
    [Trait("Duration", "long")]
    public void A_flood_that_asks_for_no_answer_leaves_a_hook_most_of_its_time() => Flood("asks for no answer", 20, "unasked");

    private void Flood(string kind, int jobs, params string[] mode) => Fault($"a user reads the status over 40 connections without a pause, and {kind}", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string agent = Agent.MainPid;
        BootTime since = BootClock.Now();
        string flooded;
        using (BusFlood flood = new(Node, 40, [NameForReading(), Object, Properties, "GetAll", "org.hookagent.Node1", .. mode]))
        {
            for (int job = 0; job < jobs; job++)
            {
                LentAfter(Slurm.Srun(0.1).End);
            }

            flooded = flood.End();
        }

        HookRun[] hooks = Bench.HooksSince(since);
        TimeSpan[] epilogs = [.. hooks.Where(static run => !run.IsProlog).Select(static run => run.Life.Length).Order()];
        TimeSpan prolog = hooks.Where(static run => run.IsProlog).Max(static run => run.Life.Length);
        string seen = $"an Epilog took {epilogs[epilogs.Length / 2].Ms()} (median), the longest {epilogs[^1].Ms()}, the longest Prolog {prolog.Ms()}; {flooded}";

        // One of them may have met a busy machine.
        Assert.True(epilogs[epilogs.Length / 2] < Agent.HookLimits.Timeout / 3, seen);
        Assert.Equal(agent, Agent.MainPid);
        return seen;
    });

    /// <summary>By which a user reads: an agent of before has but one name.</summary>
    private string NameForReading()
    {
        const string ofItsOwn = "org.hookagent.Status1";
        return Node.TryAsAlice("busctl", "get-property", ofItsOwn, Object, "org.hookagent.Node1", "State").Succeeded ? ofItsOwn : "org.hookagent.Node1";
    }
}
