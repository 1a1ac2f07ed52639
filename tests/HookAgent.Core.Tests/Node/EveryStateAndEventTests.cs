using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>
/// Every event in every state for every reason, and every event after that; <see cref="StepRules"/> say after each
/// step what must hold.
/// </summary>
public sealed class EveryStateAndEventTests
{
    public static TheoryData<Reason> Reasons => [.. Enum.GetValues<Reason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Each_reason_can_be_reached(Reason reason)
    {
        TestNode node = In(reason);
        Assert.Equal((reason.State(), reason), node.State);
    }

    [Fact]
    public void Each_state_has_a_reason() => Assert.Equal(
        Enum.GetValues<NodeState>(), Enum.GetValues<Reason>().Select(reason => reason.State()).Distinct().Order());

    [Fact]
    public void Each_kind_of_event_has_a_sample()
    {
        TestNode node = In(Reason.Running);
        HashSet<Type> sampled = [.. Samples.For(node.Model, node.Now).Select(sample => sample.GetType())];
        Assert.Empty(Samples.Kinds.Where(kind => !sampled.Contains(kind)).Select(kind => kind.Name));
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_two_events_keep_the_rules(Reason reason)
    {
        TestNode node = In(reason);
        foreach (NodeModel start in new[] { node.Model, WithProlog(node) })
        {
            // At once, and when the next deadline is due.
            BootTime now = node.Now;
            BootTime due = NodeMachine.NextDeadline(start) ?? now + TestNode.Seconds(1);
            foreach (NodeEvent first in Samples.For(start, now))
            {
                NodeModel model = StepRules.Step(start, first, now).Model;
                _ = StepRules.Step(start, first, due);
                foreach (NodeEvent second in Samples.For(model, now))
                {
                    _ = StepRules.Step(model, second, now);
                }
            }
        }
    }

    private static NodeModel WithProlog(TestNode node) =>
        StepRules.Step(node.Model, new PrologCalled(999, TestNode.Job(1)), node.Now).Model;

    private static TestNode In(Reason reason)
    {
        TestNode node;
        switch (reason)
        {
            case Reason.JobsRecorded:
                node = TestNode.Idle();
                node.JobStarts(1);
                return node;
            case Reason.IdleDelay:
                return TestNode.Idle();
            case Reason.Starting:
                return TestNode.Starting();
            case Reason.Running:
                return TestNode.Lent();
            case Reason.StopAsked:
                return TestNode.Reclaiming();
            case Reason.ProcessesRemain:
                node = TestNode.Lent();
                node.Systemd.ProcessesRemain = true;
                node.Systemd.Becomes(UnitActiveState.Inactive);
                return node;
            case Reason.SecondSignal or Reason.Killed or Reason.SurvivedKill:
                node = TestNode.Reclaiming();
                node.Passes(reason switch { Reason.SecondSignal => 10, Reason.Killed => 12, _ => 14 });
                return node;
            case Reason.OperatorHold:
                node = TestNode.Idle();
                node.Feed(new HoldAsked(Holds.For(node, 60)));
                return node;
            case Reason.HandStopped:
                node = TestNode.Lent();
                node.Systemd.Queues(UnitJobType.Stop);
                node.Systemd.Finishes();
                return node;
            case Reason.Masked:
                node = TestNode.Idle();
                node.Systemd.Load = UnitLoadState.Masked;
                node.Systemd.IsRead();
                return node;
            case Reason.RequiredUnitInactive:
                node = TestNode.Idle();
                node.Systemd.RequiredUnitUp = false;
                node.Systemd.IsRead();
                return node;
            case Reason.ExecCondition:
                node = TestNode.Starting();
                node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Inactive);
                node.Feed(new UnitInspected(false, "result exec-condition") { Refused = true });
                return node;
            case Reason.StartFailed or Reason.StartTimeout or Reason.DependencyFailed:
                node = TestNode.Starting();
                node.Systemd.Finishes(
                    reason switch
                    {
                        Reason.StartFailed => UnitJobResult.Failed,
                        Reason.StartTimeout => UnitJobResult.Timeout,
                        _ => UnitJobResult.Dependency,
                    },
                    UnitActiveState.Inactive);
                return node;
            case Reason.ProviderExited or Reason.ConditionUnmet:
                node = TestNode.Lent();
                node.Systemd.Becomes(UnitActiveState.Failed);
                node.Feed(new UnitInspected(reason is Reason.ProviderExited, ""));
                return node;
            case Reason.UnitMissing or Reason.BadUnit or Reason.TransactionConflict or Reason.StartRefused:
                node = TestNode.Idle();
                node.Systemd.Refuses = reason switch
                {
                    Reason.UnitMissing => UnitRefusal.NoSuchUnit,
                    Reason.BadUnit => UnitRefusal.BadSetting,
                    Reason.TransactionConflict => UnitRefusal.TransactionConflict,
                    _ => UnitRefusal.Other,
                };
                node.Passes(10);
                return node;
            case Reason.DirectoryUnread:
                return new TestNode();
            case Reason.DirectoryUnproven:
                node = TestNode.Idle();
                node.Complete = false;
                node.ReadDirectory();
                return node;
            case Reason.DirectoryMissing:
                node = TestNode.Idle();
                node.Records = null;
                node.ReadDirectory();
                return node;
            case Reason.DirectoryUnreadable:
                node = TestNode.Idle();
                node.CannotReadDirectory();
                return node;
            case Reason.ForeignEntry:
                node = TestNode.Idle();
                node.ForeignEntry = true;
                node.ReadDirectory();
                return node;
            case Reason.JobWithoutRecord:
                node = TestNode.Idle();
                node.Feed(new RecordFailed(TestNode.Job(1)));
                return node;
            case Reason.StepWithoutRecord:
                node = TestNode.Idle();
                node.Steps = [TestNode.Job(5)];
                node.Passes(10);
                return node;
            default:
                node = TestNode.Lent();
                node.Systemd.IsLost();
                return node;
        }
    }
}
