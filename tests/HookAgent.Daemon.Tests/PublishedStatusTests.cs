using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Bus;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests;

public sealed class PublishedStatusTests
{
    private readonly SetTime _clock = new();
    private readonly NodeCounters _counters;
    private readonly PublishedStatus _board;
    private NodeModel _model;
    private IReadOnlyList<NodeHandover> _handovers = [];

    public PublishedStatusTests()
    {
        _counters = new NodeCounters(_clock);
        _board = new PublishedStatus("a.service", "slurmd.service", _clock);
        _model = NodeMachine.Begin(new NodeSettings(TimeSpan.FromSeconds(1), default, TimeSpan.FromSeconds(1), default, false), PersistentState.Empty, 1, BootTime.Now(_clock));
        Assert.Equal([NodeProperty.State, NodeProperty.Reason, NodeProperty.Since], _board.Update(_model, _counters, _handovers));
    }

    [Fact]
    public void Nothing_new_is_nothing_changed()
    {
        NodeStatus before = _board.Current;
        Assert.Empty(_board.Update(_model, _counters, _handovers));
        Assert.Same(before, _board.Current);
        _clock.Pass(TimeSpan.FromSeconds(5));
        Assert.Empty(Update(model => model with { Systemd = model.Systemd with { Attempts = 9 } }));
    }

    [Fact]
    public void Jobs_with_and_without_a_record_are_listed_by_number()
    {
        Assert.Equal([NodeProperty.Jobs], Update(model => model with { Jobs = model.Jobs with { Recorded = model.Jobs.Recorded.Add(Job("9"), null).Add(Job("100"), null), Unrecorded = [Job("10")] } }));
        Assert.Equal(["9", "10", "100"], _board.Current.Jobs);
        Assert.Empty(Update(model => model with { Jobs = model.Jobs with { Recorded = model.Jobs.Recorded.SetItem(Job("9"), BootTime.Now(_clock)) } }));
        Assert.Equal([NodeProperty.Jobs], Update(model => model with { Jobs = model.Jobs with { Recorded = model.Jobs.Recorded.Remove(Job("9")).Add(Job("8"), null) } }));
    }

    [Fact]
    public void Since_is_the_calendar_s_and_stays_when_the_clock_is_set()
    {
        ulong since = _board.Current.Since;
        Assert.Equal((ulong)_clock.Calendar.ToUnixTimeMilliseconds() * 1000, since);
        _clock.Calendar += TimeSpan.FromHours(1);
        Assert.Equal([NodeProperty.Reason], Update(model => model with { Current = model.Current with { Reason = Reason.DirectoryMissing } }));
        Assert.Equal(since, _board.Current.Since);
        Assert.Equal([NodeProperty.State, NodeProperty.Since], Update(model => model with { Current = model.Current with { State = NodeState.Held, Since = BootTime.Now(_clock) } }));
    }

    [Fact]
    public void The_unit_is_told_only_while_systemd_can_be_asked()
    {
        UnitReading active = new(UnitLoadState.Loaded, UnitActiveState.Active, UnitJobType.None, "");
        Assert.Equal([NodeProperty.UnitState], Update(model => model with { Provider = new Up(active), Systemd = model.Systemd with { UnreachableSince = null } }));
        Assert.Equal("active", _board.Current.UnitState);
        Assert.Equal([NodeProperty.UnitState], Update(model => model with { Systemd = model.Systemd with { UnreachableSince = BootTime.Now(_clock) } }));
        Assert.Equal("", _board.Current.UnitState);
    }

    [Fact]
    public void A_hold_is_told_and_taken_back()
    {
        NodeProperty[] all = [NodeProperty.HeldBy, NodeProperty.HoldReason, NodeProperty.HoldUntil, NodeProperty.HoldUser, NodeProperty.HoldSince];
        Hold hold = new(HoldKind.Operator, "root (sudo: alice)", "disk", BootTime.Now(_clock), DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(3), false)
        {
            Since = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(2),
        };
        Assert.Equal(all, Update(model => model with { Hold = hold }));
        Assert.Equal(("operator", "disk", 3_000_000UL), (_board.Current.HeldBy, _board.Current.HoldReason, _board.Current.HoldUntil));
        Assert.Equal(("root (sudo: alice)", 2_000_000UL), (_board.Current.HoldUser, _board.Current.HoldSince));
        Assert.Equal(all, Update(model => model with { Hold = null }));
    }

    [Fact]
    public void Settings_that_a_reload_refused_are_told_though_nothing_else_is_new()
    {
        Assert.Equal([NodeProperty.SettingsRefused], _board.Update(_model, _counters, _handovers, "a.conf:3: no such key"));
        Assert.Empty(_board.Update(_model, _counters, _handovers, "a.conf:3: no such key"));
        Assert.Equal([NodeProperty.SettingsRefused], _board.Update(_model, _counters, _handovers));
    }

    [Fact]
    public void A_count_alone_is_a_change()
    {
        _counters.Count(new StartUnit(1));
        Assert.Equal([NodeProperty.ProviderStarts], _board.Update(_model, _counters, _handovers));
        _counters.Count(new SignalUnit(true));
        Assert.Equal([NodeProperty.Kills], _board.Update(_model, _counters, _handovers));
    }

    [Fact]
    public void A_call_of_the_hook_is_told_with_its_job()
    {
        _counters.Count(new JobAppeared(Job("17")));
        _counters.Count(new JobDisappeared(Job("16")));
        _board.Update(_model, _counters, _handovers);
        _counters.CountNudge(Job("17"), isHere: true);
        Assert.Equal([NodeProperty.LastProlog, NodeProperty.LastPrologJob], _board.Update(_model, _counters, _handovers));
        _counters.CountEpilog(Job("16"));
        Assert.Equal([NodeProperty.LastEpilog, NodeProperty.LastEpilogJob], _board.Update(_model, _counters, _handovers));
        Assert.Equal(((ulong)_clock.Calendar.ToUnixTimeMilliseconds() * 1000, "17", "16"), (_board.Current.LastProlog, _board.Current.LastPrologJob, _board.Current.LastEpilogJob));
    }

    [Fact]
    public void The_last_handover_is_the_first_of_the_list()
    {
        _handovers = [new NodeHandover(7, "17", 2000, 100)];
        _counters.Count(new HandoverDone(Job("17"), TimeSpan.FromMilliseconds(2), default));
        Assert.Equal([NodeProperty.LastHandoverUSec, NodeProperty.Handovers], _board.Update(_model, _counters, _handovers));
        Assert.Equal(2000UL, _board.Current.LastHandoverUSec);
        Assert.Equal(_handovers, _board.Current.Handovers);
    }

    private static JobId Job(string text) => JobId.TryParse(text, out JobId job) ? job : throw new ArgumentException(text);

    private IReadOnlyList<NodeProperty> Update(Func<NodeModel, NodeModel> change)
    {
        _model = change(_model);
        return _board.Update(_model, _counters, _handovers);
    }
}
