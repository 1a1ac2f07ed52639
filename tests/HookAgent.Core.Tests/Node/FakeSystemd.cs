using System.Collections.Immutable;
using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>One unit and its queue of one job. It answers and tells in order, as a bus does.</summary>
internal sealed class FakeSystemd(TestNode node)
{
    private readonly Queue<Func<NodeEvent>> _toTell = new();
    private int _jobs;
    private bool _speaking;

    public UnitLoadState Load { get; set; } = UnitLoadState.Loaded;

    public UnitActiveState Active { get; set; } = UnitActiveState.Inactive;

    public bool RequiredUnitUp { get; set; } = true;

    public bool AgentStopping { get; set; }

    public UnitJobType Job { get; set; }

    public string JobPath { get; set; } = "";

    /// <summary>Whether it says anything; what it has to say is kept.</summary>
    public bool Silent { get; set; }

    /// <summary>The next call is refused for this.</summary>
    public UnitRefusal? Refuses { get; set; }

    /// <summary>Processes outlive the unit.</summary>
    public bool ProcessesRemain { get; set; }

    /// <summary>Running units that are bound to the agent, but for the provider.</summary>
    public ImmutableSortedSet<string> Strays { get; set; } = [];

    public UnitReading View => new(Load, Active, Job, JobPath)
    {
        ProcessesRemain = ProcessesRemain && Active is UnitActiveState.Inactive or UnitActiveState.Failed,
    };

    /// <summary>The daemon reads the units.</summary>
    public void IsRead() => node.Feed(Seen());

    public void WillTellUnits() => _toTell.Enqueue(Seen);

    public void Called(UnitJobType type, long attempt)
    {
        if (Refuses is { } refusal)
        {
            Refuses = null;
            _toTell.Enqueue(() => new UnitJobRefused(attempt, refusal, "systemd's words"));
            return;
        }

        string path = Queues(type);
        _toTell.Enqueue(() => new UnitJobQueued(attempt, path));
    }

    /// <summary>A job gets into the queue, at the agent's or at anybody's wish, and replaces one of another kind.</summary>
    public string Queues(UnitJobType type)
    {
        if (Job == type)
        {
            return JobPath;
        }

        if (Job is not UnitJobType.None)
        {
            Removes(UnitJobResult.Canceled);
        }

        (Job, JobPath) = (type, $"/org/freedesktop/systemd1/job/{++_jobs}");
        return JobPath;
    }

    /// <summary>The job in the queue ends; systemd tells it, and the daemon reads the units.</summary>
    public void Finishes(UnitJobResult result = UnitJobResult.Done, UnitActiveState? into = null)
    {
        Active = into ?? (Job, result) switch
        {
            (UnitJobType.Start or UnitJobType.Restart, UnitJobResult.Done) when node.Records is { Count: 0 } => UnitActiveState.Active,
            (UnitJobType.Start or UnitJobType.Restart, UnitJobResult.Failed) => UnitActiveState.Failed,
            (_, UnitJobResult.Done) => UnitActiveState.Inactive,
            _ => Active,
        };
        Removes(result);
        WillTellUnits();
        Speaks();
    }

    /// <summary>The unit goes into a state by itself, and the daemon reads the units.</summary>
    public void Becomes(UnitActiveState active)
    {
        Active = active;
        IsRead();
    }

    /// <summary>Somebody has a job queued, and the daemon reads the units.</summary>
    public void ByHand(UnitJobType type, UnitActiveState? active = null)
    {
        _ = Queues(type);
        Becomes(active ?? Active);
    }

    public void Speaks()
    {
        if (_speaking)
        {
            return;
        }

        _speaking = true;
        while (!Silent && _toTell.TryDequeue(out Func<NodeEvent>? next))
        {
            node.Feed(next());
        }

        _speaking = false;
    }

    /// <summary>What it had to say is lost with the connection.</summary>
    public void IsLost(bool busToo = true)
    {
        _toTell.Clear();
        Silent = false;
        node.Feed(new SystemdLost(busToo));
    }

    private void Removes(UnitJobResult result)
    {
        string path = JobPath;
        _toTell.Enqueue(() => new UnitJobRemoved(path, result));
        (Job, JobPath) = (UnitJobType.None, "");
    }

    private UnitsSeen Seen() => new(View, RequiredUnitUp, AgentStopping) { Strays = Strays };
}
