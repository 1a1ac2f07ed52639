using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Loop;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests;

public sealed class EventPumpTests
{
    private static readonly JobId s_job = JobId.TryParse("17", out JobId job) ? job : default;
    private readonly SetTime _clock = new();
    private readonly List<string> _order = [];

    [Fact]
    public void An_event_that_comes_of_an_effect_waits_until_its_cause_is_done()
    {
        EventPump? pump = null;
        pump = Pump(effect =>
        {
            _order.Add(effect.GetType().Name);
            if (effect is JobAppeared)
            {
                // Taken at once it would put its own effects before the rest of its cause's.
                pump!.Add(new HoldAsked(new Hold(HoldKind.Operator, "", "", null, null, false)));
                Assert.Null(pump.Model.Hold);
            }
        });
        Take(pump, Directory(s_job));
        Assert.Equal(["JobAppeared", "StateChanged", "HoldBegan", "Remember"], _order);
        Assert.NotNull(pump.Model.Hold);
        Assert.Equal(NodeState.Busy, pump.Model.Current.State);
    }

    [Fact]
    public void Effects_see_the_model_that_they_come_of()
    {
        EventPump? pump = null;
        pump = Pump(effect =>
        {
            if (effect is JobAppeared)
            {
                Assert.True(pump!.Model.Jobs.Recorded.ContainsKey(s_job));
                _order.Add("seen");
            }
        });
        Take(pump, Directory(s_job));
        Assert.Equal(["seen"], _order);
    }

    [Fact]
    public void After_a_fault_it_takes_events_again()
    {
        bool fail = true;
        EventPump pump = Pump(_ =>
        {
            if (fail)
            {
                throw new InvalidOperationException();
            }
        });
        Assert.Throws<InvalidOperationException>(() => Take(pump, Directory(s_job)));
        fail = false;
        Take(pump, Directory());
        Assert.Empty(pump.Model.Jobs.Recorded);
    }

    private static DirectoryRead Directory(params JobId[] jobs) => new(
        DirectoryCondition.Readable, true,
        jobs.ToImmutableSortedDictionary(job => job, _ => default(BootTime?)), false);

    private EventPump Pump(Action<NodeEffect> carryOut) => new(
        NodeMachine.Begin(new NodeSettings(TimeSpan.FromSeconds(1), default, TimeSpan.FromSeconds(1), default, false), PersistentState.Empty, 1, BootTime.Now(_clock)),
        _clock, carryOut);

    private static void Take(EventPump pump, NodeEvent happened)
    {
        pump.Add(happened);
        pump.Run();
    }
}
