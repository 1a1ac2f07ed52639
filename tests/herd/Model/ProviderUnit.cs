using HookAgent.Core.Node;
using HookAgent.Herd.Time;

namespace HookAgent.Herd.Model;

/// <summary>
/// The provider's unit as systemd runs it, and the bus to it: each call and each signal takes a millisecond, and all come
/// in order.
/// </summary>
internal sealed class ProviderUnit(Agenda agenda, Node node, Func<Action, StartProgram> program, Random random)
{
    private const double Bus = 0.001;

    private UnitActiveState _active = UnitActiveState.Inactive;
    private UnitJobType _job;
    private string _jobPath = "";
    private int _jobs;
    private ulong _conditionChecked;
    private bool _refused;

    /// <summary>Its main process, where it runs.</summary>
    public StartProgram? Program { get; private set; }

    /// <summary>The answer of its ExecCondition=; always true for a unit without one.</summary>
    public bool MayStart { get; set; } = true;

    /// <summary>It has an ExecCondition=, which takes as long as a request to slurmctld.</summary>
    public bool HasCondition { get; set; }

    public UnitsSeen Seen => new(new UnitReading(UnitLoadState.Loaded, _active, _job, _jobPath), RequiredUnitUp: true, AgentStopping: false);

    public void Read() => agenda.After(Bus, () => node.Feed(Seen));

    public void Inspect() => agenda.After(Bus, () => node.Feed(new UnitInspected(!_refused, _active is UnitActiveState.Failed ? "exit-code 1" : "")
    {
        ConditionChecked = new ConditionStamp(_conditionChecked),
        Refused = _refused,
    }));

    public void Start(long attempt) => agenda.After(Bus, () =>
    {
        string path = Queue(UnitJobType.Start, attempt);
        agenda.After(HasCondition ? 0.02 + (0.03 * random.NextDouble()) : 0.01, () => Run(path));
    });

    public void Stop(long attempt) => agenda.After(Bus, () =>
    {
        string path = Queue(UnitJobType.Stop, attempt);

        // It ends its tasks first.
        agenda.After(Program is null ? Bus : 0.2 + (0.8 * random.NextDouble()), () =>
        {
            Program?.End();
            Program = null;
            _active = UnitActiveState.Inactive;
            EndJob(path, UnitJobResult.Done);
        });
    });

    private string Queue(UnitJobType type, long attempt)
    {
        if (_job is not UnitJobType.None)
        {
            EndJob(_jobPath, UnitJobResult.Canceled);
        }

        (_job, _jobPath) = (type, $"/job/{++_jobs}");
        node.Feed(new UnitJobQueued(attempt, _jobPath));
        return _jobPath;
    }

    private void Run(string path)
    {
        if (path != _jobPath)
        {
            return;
        }

        _conditionChecked++;
        _refused = !MayStart;
        if (MayStart)
        {
            _active = UnitActiveState.Active;
            Program = program(Exited);
            Program.Begin();
        }

        EndJob(path, UnitJobResult.Done);
    }

    private void EndJob(string path, UnitJobResult result)
    {
        if (path != _jobPath)
        {
            return;
        }

        (_job, _jobPath) = (UnitJobType.None, "");
        node.Feed(new UnitJobRemoved(path, result));
        node.Feed(Seen);
    }

    private void Exited()
    {
        Program = null;
        _active = UnitActiveState.Failed;
        node.Feed(Seen);
    }
}
