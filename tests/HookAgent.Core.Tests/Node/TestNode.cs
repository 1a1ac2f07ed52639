using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>
/// A node to tell stories about: a clock that stands still until told, a record directory, a systemd of a few
/// lines, and the machine, which the node serves as the daemon's loop does. <see cref="StepRules"/> are checked
/// after every step.
/// </summary>
internal sealed class TestNode
{
    public static readonly NodeSettings Settings = new(
        IdleDelay: Seconds(10), StartJitter: TimeSpan.Zero, StopGrace: Seconds(10), PrologWait: Seconds(15), RequiresUnit: true);

    /// <summary>The identity of every record here: a test that cares has another.</summary>
    public static readonly RecordIdentity Record = new(7, 1);

    public static readonly ImmutableSortedDictionary<JobId, RecordIdentity> NoRecords = ImmutableSortedDictionary<JobId, RecordIdentity>.Empty;

    private readonly List<NodeEffect> _effects = [];
    private long _tokens;

    public TestNode(NodeSettings? settings = null, PersistentState? memory = null, ulong seed = 0)
    {
        Systemd = new FakeSystemd(this);
        Model = NodeMachine.Begin(settings ?? Settings, memory ?? PersistentState.Empty, seed, Now);
    }

    public BootTime Now { get; private set; } = new(1_000_000_000);

    public NodeModel Model { get; private set; }

    public FakeSystemd Systemd { get; }

    public PersistentState Memory { get; private set; } = PersistentState.Empty;

    /// <summary>The record directory; null when there is none.</summary>
    public SortedDictionary<JobId, BootTime?>? Records { get; set; } = [];

    /// <summary>It carries its proof.</summary>
    public bool Complete { get; set; } = true;

    public bool ForeignEntry { get; set; }

    /// <summary>Jobs with a slurmstepd.</summary>
    public ImmutableSortedSet<JobId> Steps { get; set; } = [];

    /// <summary>Those of them whose slurmstepd lasts as long as they do.</summary>
    public ImmutableSortedSet<JobId> Spanned { get; set; } = [];

    /// <summary>Whether evidence is gathered as soon as it is asked for.</summary>
    public bool GathersEvidence { get; set; } = true;

    public (NodeState, Reason) State => (Model.Current.State, Model.Current.Reason);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static JobId Job(uint id) =>
        JobId.TryParse(id.ToString(CultureInfo.InvariantCulture), out JobId job) ? job : throw new ArgumentException("no job id", nameof(id));

    /// <summary>An idle node whose daemon has just started.</summary>
    public static TestNode Idle(NodeSettings? settings = null, PersistentState? memory = null, ulong seed = 0)
    {
        TestNode node = new(settings, memory, seed);
        node.ReadDirectory();
        node.Systemd.IsRead();
        node.Mark();
        return node;
    }

    /// <summary>A node whose provider's start is in systemd's queue.</summary>
    public static TestNode Starting(NodeSettings? settings = null)
    {
        TestNode node = Idle(settings);
        node.Passes((settings ?? Settings).IdleDelay);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        node.Mark();
        return node;
    }

    /// <summary>A node whose provider has run for a minute.</summary>
    public static TestNode Lent(NodeSettings? settings = null)
    {
        TestNode node = Starting(settings);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        node.Passes(Seconds(60));
        node.Mark();
        return node;
    }

    /// <summary>A lent node to which job 1 has come; systemd has queued the stop.</summary>
    public static TestNode Reclaiming(NodeSettings? settings = null)
    {
        TestNode node = Lent(settings);
        node.JobStarts(1);
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Mark();
        return node;
    }

    /// <summary>The same node with a new daemon, which knows what the old one had written down.</summary>
    public TestNode WithNewDaemon()
    {
        TestNode node = new(Model.Settings, Memory)
        {
            Now = Now,
            Memory = Memory,
            Records = Records,
            Complete = Complete,
            ForeignEntry = ForeignEntry,
            Steps = Steps,
            Spanned = Spanned,
        };
        node.Systemd.Active = Systemd.Active;
        return node;
    }

    /// <summary>What is told from here on is what <see cref="Told{T}"/> gives.</summary>
    public void Mark() => _effects.Clear();

    public IReadOnlyList<T> Told<T>()
        where T : NodeEffect => [.. _effects.OfType<T>()];

    public IReadOnlyList<NodeEffect> Told() => _effects;

    public void Feed(NodeEvent happened)
    {
        (Model, ImmutableArray<NodeEffect> effects) = StepRules.Step(Model, happened, Now);
        _effects.AddRange(effects);
        foreach (NodeEffect effect in effects)
        {
            Do(effect);
        }

        Systemd.Speaks();
    }

    /// <summary>Time goes by, with the machine asked at each of its deadlines.</summary>
    public void Passes(TimeSpan span)
    {
        BootTime end = Now + span;
        while (NodeMachine.NextDeadline(Model) is { } deadline && deadline <= end)
        {
            Now = deadline;
            Feed(new TimePassed());
        }

        Now = end;
    }

    public void Passes(double seconds) => Passes(Seconds(seconds));

    public void ReadDirectory() => Feed(Records is null
        ? new DirectoryRead(DirectoryCondition.Missing, false, ImmutableSortedDictionary<JobId, BootTime?>.Empty, false)
        : new DirectoryRead(DirectoryCondition.Readable, Complete, Records.ToImmutableSortedDictionary(), ForeignEntry));

    public void CannotReadDirectory(DirectoryCondition condition = DirectoryCondition.Unreadable) =>
        Feed(new DirectoryRead(condition, false, ImmutableSortedDictionary<JobId, BootTime?>.Empty, false));

    /// <summary>As hookctl reconcile does: Slurm's list, then the directory's proof.</summary>
    public void Reconcile(params uint[] listed)
    {
        Feed(new Reconciled([.. listed.Select(Job)], NoRecords));
        Complete = true;
        ReadDirectory();
    }

    /// <summary>A job's hook was entered some time ago and has written its record; the directory is read.</summary>
    public void JobStarts(uint job, TimeSpan ago = default)
    {
        Records![Job(job)] = new BootTime(Now.Microseconds - (long)ago.TotalMicroseconds);
        ReadDirectory();
    }

    /// <summary>A job's record is gone; the directory is read.</summary>
    public void JobEnds(uint job)
    {
        Records!.Remove(Job(job));
        ReadDirectory();
    }

    /// <summary>A whole Prolog: the record, and the call that waits for an answer.</summary>
    public long Prolog(uint job, TimeSpan ago = default)
    {
        JobStarts(job, ago);
        return PrologCalls(job);
    }

    public long PrologCalls(uint job)
    {
        Feed(new PrologCalled(++_tokens, Job(job)));
        return _tokens;
    }

    public void Epilog(uint job)
    {
        JobEnds(job);
        Feed(new EpilogCalled(Job(job)));
    }

    public bool IsAnswered(long token) => Told<AnswerProlog>().Any(answer => answer.Token == token);

    public void Gather()
    {
        ReadDirectory();
        IEnumerable<JobId> recorded = Records is null ? [] : Records.Keys;
        Feed(new StepsScanned(Steps.Except(recorded), Spanned.Except(recorded)));
    }

    private void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case StartUnit start:
                Systemd.Called(UnitJobType.Start, start.Attempt);
                break;
            case StopUnit stop:
                Systemd.Called(UnitJobType.Stop, stop.Attempt);
                break;
            case ReadUnits:
                Systemd.WillTellUnits();
                break;
            case InspectUnit when Model.Systemd is { ConditionChecked: null, Inspecting: null }:
                // The first look, with which later ones are compared; stories tell the others.
                Feed(new UnitInspected(ConditionMet: true, "") { ConditionChecked = new ConditionStamp(1) });
                break;
            case ScanSteps when GathersEvidence:
                Gather();
                break;
            case DropRecord drop:
                if (drop.Record == Record)
                {
                    Records?.Remove(drop.Job);
                }

                ReadDirectory();
                break;
            case Remember remember:
                Memory = remember.State;
                break;
        }
    }
}
