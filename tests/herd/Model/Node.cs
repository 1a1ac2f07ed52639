using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Herd.Time;

namespace HookAgent.Herd.Model;

/// <summary>A node: the agent's own machine, its job directory, and the unit that it lends the node to.</summary>
internal sealed class Node
{
    private readonly Agenda _agenda;
    private NodeModel _model;
    private ImmutableSortedDictionary<JobId, BootTime?> _records = ImmutableSortedDictionary<JobId, BootTime?>.Empty;
    private BootTime? _alarm;

    public Node(Agenda agenda, int number, NodeSettings settings, ulong jitterSeed, Broker broker, StartMode mode, Random random)
    {
        _agenda = agenda;
        Number = number;
        Unit = new ProviderUnit(agenda, this, exited => new StartProgram(agenda, this, broker, mode, random, exited), random);
        _model = NodeMachine.Begin(settings, PersistentState.Empty, jitterSeed, agenda.Now);
    }

    public int Number { get; }

    public ProviderUnit Unit { get; }

    public TimeSpan StartJitter => _model.Settings.StartJitter;

    public (NodeState State, Reason Reason) State => (_model.Current.State, _model.Current.Reason);

    /// <summary>Nothing speaks against a provider here, as far as the scenario goes.</summary>
    public bool IsWanted { get; set; } = true;

    /// <summary>The agent starts, and sees what there is.</summary>
    public void Boot()
    {
        Feed(Directory());
        Feed(Unit.Seen);
    }

    public void JobStarts(JobId job)
    {
        _records = _records.SetItem(job, _agenda.Now);
        Feed(Directory());
    }

    public void JobEnds(JobId job)
    {
        _records = _records.Remove(job);
        Feed(Directory());
        Feed(new EpilogCalled(job));
    }

    public void Feed(NodeEvent happened)
    {
        (_model, ImmutableArray<NodeEffect> effects) = NodeMachine.Step(_model, happened, _agenda.Now);
        foreach (NodeEffect effect in effects)
        {
            CarryOut(effect);
        }

        SetAlarm();
    }

    private void CarryOut(NodeEffect effect)
    {
        switch (effect)
        {
            case StartUnit start:
                Unit.Start(start.Attempt);
                break;
            case StopUnit stop:
                Unit.Stop(stop.Attempt);
                break;
            case ReadUnits or FindStrays:
                Unit.Read();
                break;
            case InspectUnit:
                Unit.Inspect();
                break;
            case ScanSteps:
                _agenda.After(0.003, () =>
                {
                    Feed(Directory());
                    Feed(new StepsScanned([], []));
                });
                break;
            default:
                // Told to people, or of jobs that no scenario has.
                break;
        }
    }

    private DirectoryRead Directory() => new(DirectoryCondition.Readable, Complete: true, _records, ForeignEntry: false);

    /// <summary>One alarm at a time; an earlier one that rings in vain sets the next.</summary>
    private void SetAlarm()
    {
        if (NodeMachine.NextDeadline(_model) is not { } deadline || _alarm <= deadline)
        {
            return;
        }

        _alarm = deadline;
        _agenda.At(deadline, () =>
        {
            if (_alarm != deadline)
            {
                return;
            }

            _alarm = null;
            if (NodeMachine.NextDeadline(_model) <= _agenda.Now)
            {
                Feed(new TimePassed());
            }
            else
            {
                SetAlarm();
            }
        });
    }
}
