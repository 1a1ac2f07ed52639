using HookAgent.Bus;
using HookAgent.Core;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Units;

namespace HookAgent.Daemon.Bus;

/// <summary>The properties as everybody may read them, made from the machine's model; says which of them changed.</summary>
internal sealed class PublishedStatus(string unit, string requireUnit, TimeProvider clock)
{
    private NodeModel? _told;
    private long _toldCounters;
    private BootTime? _nextStart;

    public NodeStatus Current { get; private set; } = new() { Unit = unit, RequireUnit = requireUnit, Version = ProductVersion.Text };

    /// <summary>
    /// Takes a new model over. The properties that are different now; none where nothing that they are made from has
    /// changed.
    /// </summary>
    public IReadOnlyList<NodeProperty> Update(NodeModel model, NodeCounters counters, IReadOnlyList<NodeHandover> handovers, string refused = "")
    {
        if (ReferenceEquals(model, _told) && counters.Changes == _toldCounters && refused == Current.SettingsRefused)
        {
            return [];
        }

        NodeStatus before = Current;
        bool sameState = _told is not null && _told.Current.Since == model.Current.Since && before.State == model.Current.State.Word();
        _told = model;
        _toldCounters = counters.Changes;
        BootTime? nextStart = Lending.DueAt(model);
        bool sameStart = nextStart == _nextStart;
        _nextStart = nextStart;
        Current = new NodeStatus
        {
            State = model.Current.State.Word(),
            Reason = model.Current.Reason.Word(),
            Since = sameState ? before.Since : Realtime(model.Current.Since),
            Jobs = Jobs(before, model),
            Unit = unit,
            UnitState = model is { Systemd.IsReachable: true, Provider.Reading: { } reading } ? UnitStrings.Word(reading.Active) : "",
            HeldBy = model.Hold?.Kind switch
            {
                HoldKind.Operator => "operator",
                HoldKind.HandStopped => "hand-stopped",
                null => "",
            },
            HoldReason = model.Hold?.Text ?? "",
            HoldUntil = model.Hold?.UntilRealtime is { } until ? Microseconds(until) : 0,
            HoldUser = model.Hold?.By ?? "",
            HoldPersistent = model.Hold is { Persistent: true },
            HoldSince = model.Hold?.Since is { } held ? Microseconds(held) : 0,
            NextStart = sameStart ? before.NextStart : nextStart is { } next ? Realtime(next) : 0,
            RequireUnit = requireUnit,
            SettingsRefused = refused,
            Version = ProductVersion.Text,
            LastHandoverUSec = handovers.Count > 0 ? handovers[0].Usec : 0,
            Handovers = handovers,
            Counts = counters.Counts,
            LastProlog = Microseconds(counters.LastProlog),
            LastPrologJob = counters.LastProlog?.Job.ToString() ?? "",
            LastEpilog = Microseconds(counters.LastEpilog),
            LastEpilogJob = counters.LastEpilog?.Job.ToString() ?? "",
        };
        return [.. NodeProperty.All.Where(property => !property.IsSame(before, Current))];
    }

    /// <summary>The list as it was, where it still is: lists are told apart by whether they are the same.</summary>
    private static IReadOnlyList<string> Jobs(NodeStatus before, NodeModel model)
    {
        List<string> jobs = [];
        foreach (JobId job in model.Jobs.Unrecorded.Union(model.Jobs.Recorded.Keys))
        {
            jobs.Add(job.ToString());
        }

        return jobs.SequenceEqual(before.Jobs) ? before.Jobs : jobs;
    }

    private ulong Realtime(BootTime moment) => Microseconds(clock.GetUtcNow() - (BootTime.Now(clock) - moment));

    private static ulong Microseconds(HookCall? call) => call is null ? 0 : Microseconds(call.At);

    private static ulong Microseconds(DateTimeOffset moment) =>
        (ulong)Math.Max(0, (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
