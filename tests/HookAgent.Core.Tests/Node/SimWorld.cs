using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>
/// A node in small: jobs, their records, systemd with the provider, and the daemon's loop around the machine. What a
/// correct node never does is asserted while it runs; <see cref="SimActions"/> make things happen.
/// </summary>
internal sealed class SimWorld
{
    /// <summary>More than any honest run needs between two moments: a node that gets here is spinning.</summary>
    private const int Spinning = 2_000;

    private readonly Dictionary<long, (JobId Job, BootTime Until)> _prologs = [];
    private readonly NodeSettings _settings;
    private long _tokens;
    private BootTime? _idleSince;
    private bool _reading;
    private bool _readAgain;
    private bool _gather;

    public SimWorld(NodeSettings settings)
    {
        _settings = settings;
        Systemd = new SimSystemd(this);
        Model = NodeMachine.Begin(settings, PersistentState.Empty, 1, Now);
        DaemonBegins();
    }

    public BootTime Now { get; private set; } = new(1_000_000_000);

    public NodeModel Model { get; private set; }

    public PersistentState Memory { get; private set; } = PersistentState.Empty;

    public SimSystemd Systemd { get; }

    /// <summary>The daemon lets systemd start the unit: only while a start of its own is under way.</summary>
    public bool Permit => Model.Provider is Starting { Start.Finished: false };

    /// <summary>The daemon reaches systemd.</summary>
    public bool Connected { get; private set; } = true;

    /// <summary>Hooks reach the daemon.</summary>
    public bool BusIsUp { get; private set; } = true;

    /// <summary>The jobs that Slurm runs here, and of which a hook could tell the agent.</summary>
    public SortedSet<JobId> Running { get; } = [];

    public SortedDictionary<JobId, BootTime?> Records { get; } = [];

    /// <summary>The directory carries its proof.</summary>
    public bool Complete { get; set; } = true;

    public bool ForeignEntry { get; set; }

    public bool OrphanStep { get; set; }

    /// <summary>The directory changed since it was last read.</summary>
    public bool Changed { get; set; }

    /// <summary>Something happened that may count as a failure of the provider.</summary>
    public bool Misbehaved { get; set; }

    /// <summary>Somebody stopped or restarted the unit, which may count as a stop by hand.</summary>
    public bool StoppedByHand { get; set; }

    /// <summary>How many idle stretches came to the end of their delay, and were lent.</summary>
    public int IdleStretches { get; private set; }

    /// <summary>The provider does not run, and cannot: a start that waits in systemd's queue without a permit is refused.</summary>
    public bool AtRest => !Systemd.ProviderRuns && !(Permit && Systemd.Job is UnitJobType.Start or UnitJobType.Restart);

    /// <summary>
    /// The daemon has been told all there is to tell of the unit; that the last process of one at rest has gone, nobody tells
    /// who is not asked.
    /// </summary>
    public bool UnitsAreKnown => Connected && !_reading && Systemd.Calls.Count == 0 && Systemd.Messages.Count == 0
        && (Model.Provider.Reading?.ProcessesRemain ?? false) == Systemd.Seen.Provider.ProcessesRemain;

    public void Feed(NodeEvent happened)
    {
        (Model, ImmutableArray<NodeEffect> effects) = StepRules.Step(Model, happened, Now);
        foreach (NodeEffect effect in effects)
        {
            Do(effect);
        }

        // What comes of an effect waits for its turn, as in the daemon.
        if (_gather)
        {
            _gather = false;
            Gather();
        }

        Check();
    }

    public void ReadDirectory()
    {
        Changed = false;
        Feed(DirectoryNow());
    }

    public DirectoryRead DirectoryNow() => new(
        DirectoryCondition.Readable, Complete,
        Records.ToImmutableSortedDictionary(), ForeignEntry);

    public void CannotReadDirectory()
    {
        Changed = true;
        Feed(new DirectoryRead(
            DirectoryCondition.Unreadable, false, ImmutableSortedDictionary<JobId, BootTime?>.Empty, false));
    }

    public void Gather()
    {
        ReadDirectory();
        Feed(new StepsScanned(OrphanStep ? [.. Running, TestNode.Job(1_000_000)] : [.. Running], [.. Running]));
    }

    public void PrologCalls(JobId job)
    {
        ReadDirectory();
        _prologs[++_tokens] = (job, Now + Model.Settings.PrologWait);
        Feed(new PrologCalled(_tokens, job));
    }

    /// <summary>The next message from systemd reaches the daemon.</summary>
    public bool Deliver()
    {
        if (!Systemd.Messages.TryDequeue(out NodeEvent? message))
        {
            return false;
        }

        switch (message)
        {
            case null:
                Read();
                break;
            case UnitsSeen:
                _reading = false;
                Feed(message);
                if (_readAgain)
                {
                    Read();
                }

                break;
            default:
                Feed(message);
                if (message is UnitJobRemoved)
                {
                    Read();
                }

                break;
        }

        return true;
    }

    public void LoseSystemd(bool busToo, bool handleCalls)
    {
        if (!Connected)
        {
            return;
        }

        // With the connection goes the answer how it ended: it stays a failure of unknown cause.
        Misbehaved |= Model.Systemd.Inspecting is not null;
        Systemd.LoseConnection(handleCalls);
        (Connected, BusIsUp, _reading, _readAgain) = (false, !busToo, false, false);
        if (busToo)
        {
            _prologs.Clear();
        }

        Feed(new SystemdLost(busToo));
    }

    public void FindSystemd()
    {
        if (!Connected)
        {
            (Connected, BusIsUp) = (true, true);
            Read();
            ReadDirectory();
        }
    }

    public void KillDaemon(bool systemdRestartsProvider)
    {
        bool ran = Systemd.Active is UnitActiveState.Active;
        Systemd.AgentEnds();
        if (ran && systemdRestartsProvider)
        {
            _ = Systemd.Queues(UnitJobType.Start);
        }

        Systemd.Messages.Clear();
        (_reading, _readAgain) = (false, false);
        _prologs.Clear();
        Model = NodeMachine.Begin(_settings, Memory, 1, Now);

        // A daemon that begins waits out the whole delay.
        _idleSince = null;
        DaemonBegins();
    }

    /// <summary>Time goes by; systemd and the daemon do what falls due, and what follows from it if they are let.</summary>
    public void Pass(TimeSpan span, bool letAll)
    {
        BootTime end = Now + span;
        for (int steps = 0; ; steps++)
        {
            if (letAll)
            {
                LetAll();
            }

            BootTime? next = NodeMachine.NextDeadline(Model);
            if (letAll && Systemd.NextDeadline is { } stop && (next is null || stop < next))
            {
                next = stop;
            }

            if (next is not { } due || due > end)
            {
                break;
            }

            Assert.True(steps < Spinning, "the node spins");
            Now = due > Now ? due : Now;
            Feed(new TimePassed());
        }

        Now = end;
        if (letAll)
        {
            CheckLent();
        }
    }

    /// <summary>All that is under way comes to its end without any time going by.</summary>
    public void LetAll()
    {
        for (int steps = 0; Deliver() || Systemd.HandleCall() || Systemd.RunJob() || LookAfterProcesses(); steps++)
        {
            Assert.True(steps < Spinning, "the node spins");
        }

        CheckLent();
    }

    /// <summary>Of processes that remain nothing is signalled, so the daemon looks after them.</summary>
    private bool LookAfterProcesses()
    {
        if (!Connected || _reading || Model.Provider.Reading is not { Phase: UnitPhase.ProcessesRemain } || Systemd.Seen.Provider.Phase is UnitPhase.ProcessesRemain)
        {
            return false;
        }

        Read();
        return true;
    }

    private void DaemonBegins()
    {
        ReadDirectory();
        if (Connected)
        {
            Read();
        }
        else
        {
            Feed(new SystemdLost());
        }
    }

    private void Read()
    {
        if (_reading || !Connected)
        {
            _readAgain = Connected;
            return;
        }

        (_reading, _readAgain) = (true, false);
        Systemd.Calls.Enqueue(new Read());
    }

    private void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case StartUnit start:
                Assert.False(Running.Count > 0, "a start beside a job");
                Assert.False(OrphanStep || ForeignEntry || Records.Count > 0, "a start beside evidence");
                Assert.False(Systemd.Calls.Any(call => call is QueueJob), "a start beside a call");
                Assert.False(Systemd.OwnJobs.Contains(Systemd.JobPath), "a start beside a job of our own");
                Systemd.Calls.Enqueue(new QueueJob(UnitJobType.Start, start.Attempt));
                break;
            case StopUnit stop:
                Assert.False(
                    Systemd.Calls.Any(call => call is QueueJob { Type: UnitJobType.Stop })
                    || (Systemd.Job is UnitJobType.Stop && Systemd.OwnJobs.Contains(Systemd.JobPath)),
                    "two stops of our own");
                Systemd.Calls.Enqueue(new QueueJob(UnitJobType.Stop, stop.Attempt));
                break;
            case SignalUnit signal:
                Systemd.Calls.Enqueue(new Signal(signal.Kill));
                break;
            case ReadUnits:
                Read();
                break;
            case InspectUnit:
                Systemd.Calls.Enqueue(new Inspect());
                break;
            case ScanSteps:
                _gather = true;
                break;
            case Remember remember:
                Memory = remember.State;
                break;
            case AnswerProlog answer:
                Assert.True(_prologs.Remove(answer.Token, out (JobId Job, BootTime Until) prolog), "a Prolog is answered twice");
                Assert.True(
                    Now >= prolog.Until || !Records.ContainsKey(prolog.Job) || AtRest,
                    "a job is let go before its time beside the provider");
                break;
            case GiveUp:
                KillDaemon(systemdRestartsProvider: false);
                break;
        }
    }

    /// <summary>Nothing that the daemon has been told speaks against lending, and nothing is under way but a start.</summary>
    private bool Idle =>
        Running.Count == 0 && Records.Count == 0 && !Changed && !ForeignEntry && !OrphanStep && UnitsAreKnown
        && Systemd is { Load: UnitLoadState.Loaded, RequiredUnitUp: true, AgentStopping: false, Active: not UnitActiveState.Deactivating }
        && Model is { Provider.Reading: not null, Systemd.IsReachable: true, Hold: null, Directory.Trust: DirectoryTrust.Complete, Jobs: { Unrecorded.IsEmpty: true, OrphanSteps.IsEmpty: true } }
        && (Model.Backoff.RetryAt is not { } retry || retry <= Now);

    /// <summary>An idle stretch longer than its delay, without hold or failure, has ended in lending.</summary>
    private void CheckLent()
    {
        if (Idle && _idleSince is { } since && Now - since > Model.Settings.IdleDelay + Model.Settings.StartJitter)
        {
            Assert.Equal((NodeState.Lending, Reason.Running), (Model.Current.State, Model.Current.Reason));
            IdleStretches++;
            _idleSince = null;
        }
    }

    private void Check()
    {
        _idleSince = Idle ? _idleSince ?? Now : null;
        Assert.DoesNotContain(_prologs.Values, prolog => prolog.Until <= Now);
        FailureStretch? known = Model is { Systemd.Inspecting: not null, Backoff.Uninspected: { } open } ? open.Before : Model.Backoff.Failing;
        Assert.True(Misbehaved || known is null, "a failure of a provider that did nothing wrong");
        Assert.True(StoppedByHand || Model.Hold is not { Kind: HoldKind.HandStopped }, "a stop by no hand");
    }
}
