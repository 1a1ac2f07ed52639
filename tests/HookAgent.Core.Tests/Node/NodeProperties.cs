using FsCheck;
using FsCheck.Fluent;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>
/// Random scripts, made small when one fails. Two classes of tests, so that they run beside each other; over
/// 150,000 scripts in all. A failure prints the numbers that make FsCheck repeat it (Config.WithReplay).
/// </summary>
internal static class Scripts
{
    public static void Check(int count, int longest, Action<int[]> run)
    {
        Arbitrary<int[]> numbers = Arb.From(
            Gen.Choose(0, 0xFF_FFFF).ArrayOf(), script => ArbMap.Default.ArbFor<int[]>().Shrinker(script));
        Prop.ForAll(numbers, run).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithEndSize(longest));
    }
}

public sealed class NodeInItsWorldProperties
{
    [Fact]
    public void Whatever_happens_the_node_keeps_its_promises()
    {
        int idle = 0;
        Scripts.Check(100_000, 60, script => idle += Play(script));

        // Those in the middle of the scripts: otherwise that promise was hardly put to the test.
        Assert.True(idle > 2_000, $"only {idle} idle stretches were lent");
    }

    /// <summary>How many idle stretches were lent in the middle of it.</summary>
    private static int Play(int[] script)
    {
        int first = script.Length == 0 ? 0 : script[0] >> 8;
        SimWorld world = new(new NodeSettings(
            IdleDelay: TestNode.Seconds((first & 1) == 0 ? 10 : 0),
            StartJitter: TestNode.Seconds((first & 2) == 0 ? 0 : 30),
            StopGrace: TestNode.Seconds((first & 4) == 0 ? 10 : 2),
            PrologWait: TestNode.Seconds((first & 8) == 0 ? 15 : 0),
            RequiresUnit: true));
        SimActions actions = new(world);
        int done = 0;
        try
        {
            foreach (int number in script)
            {
                done++;
                actions.Do(number & int.MaxValue);
            }

            int idle = world.IdleStretches;
            ComesToRest(world);
            IsLentAgain(world, actions);
            return idle;
        }
        catch (Exception e)
        {
            string story = string.Join('\n', script.Take(done).Select(number => actions.Name(number & int.MaxValue)));
            throw new InvalidOperationException($"after\n{story}\n{e.Message}\n{e.StackTrace}\nnode: {world.Model}", e);
        }
    }

    /// <summary>With all messages told and time for the whole escalation, no provider is left beside a job.</summary>
    private static void ComesToRest(SimWorld world)
    {
        world.FindSystemd();
        world.ReadDirectory();
        world.Pass(TestNode.Seconds(40), letAll: true);
        if (world.Model.Current.State is NodeState.Reclaiming)
        {
            // A look for slurmstepd near the end of that time may have found one that no hook told of.
            world.Pass(TestNode.Seconds(40), letAll: true);
        }

        Assert.Empty(world.Model.Prologs.Waiting);
        if (world.Running.Count > 0)
        {
            Assert.True(world.AtRest, "the provider runs beside a job");
            Assert.True(world.Model.Current.State is NodeState.Busy or NodeState.Unknown, $"{world.Model.Current.State} beside a job");
        }
    }

    /// <summary>With all jobs ended and nothing left against it, the node is lent when its delay is over.</summary>
    private static void IsLentAgain(SimWorld world, SimActions actions)
    {
        actions.AllEnds();
        world.LetAll();
        BootTime lentBy = world.Now + world.Model.Settings.IdleDelay + world.Model.Settings.StartJitter;
        world.Pass(lentBy - world.Now, letAll: true);
        world.LetAll();
        Assert.Equal((NodeState.Lending, Reason.Running), (world.Model.Current.State, world.Model.Current.Reason));
        Assert.Equal(UnitActiveState.Active, world.Systemd.Active);
    }
}

public sealed class NodeMachineProperties
{
    [Fact]
    public void No_row_of_events_however_absurd_breaks_the_rules_of_a_step() => Scripts.Check(50_000, 40, script =>
    {
        BootTime now = new(1_000_000_000);
        NodeModel model = NodeMachine.Begin(TestNode.Settings, PersistentState.Empty, 1, now);
        foreach (int number in script)
        {
            now = (number & 3) switch
            {
                0 => NodeMachine.NextDeadline(model) ?? now,
                1 => now + TimeSpan.FromMilliseconds((number >> 2) & 0x3FFF),
                _ => now,
            };
            model = StepRules.Step(model, Samples.Pick(model, now, (number >> 10) & 0x3FFF), now).Model;
        }
    });
}
