using System.Runtime.InteropServices;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Posix;
using HookAgent.Core.Settings;
using HookAgent.Core.Time;
using HookAgent.Daemon.Evidence;
using HookAgent.Daemon.Hosting;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.Object;
using HookAgent.Daemon.Posix;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Systemd;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Loop;

/// <summary>
/// The one thread on which everything happens: it waits for the timer, the bell, the job directory, the bus, watched
/// processes and what systemd has not taken yet in a single poll(2), gathers what happened, and steps the machine. Nothing
/// in it blocks, and it sleeps until something happens.
/// </summary>
internal sealed class NodeLoop : IDisposable
{
    private readonly SettingsStore _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly LoopTimer _timer = new();
    private readonly LoopBell _bell = new();
    private readonly RecordsWatch _watch;
    private readonly StepWatch _steps = new();
    private readonly StaleRecords _stale;
    private readonly JobDirectory _directory;
    private readonly JobLook _look;
    private readonly EvidenceDesk _evidence;
    private readonly MemoryFile _memory;
    private readonly MemoryWriter _writer;
    private readonly HandoverHistory _handovers;
    private readonly NodeCounters _counters = new();
    private readonly NodeBoard _board;
    private readonly MetricsFile _metrics;
    private readonly DateTimeOffset _started;
    private readonly PrologCalls _prologs = new();
    private readonly PermitFolder _permits;
    private readonly UnitLink _units;
    private readonly BusLink _bus;
    private readonly EventPump _pump;
    private readonly DecisionLog _decisions;
    private readonly RequestDesk _requests;
    private readonly NotifySocket? _unsaid;
    private readonly ISystemdNotifier _notifier;
    private readonly Watchdog _watchdog;
    private readonly JournalQueue _journal;
    private bool _persistentHold;
    private readonly HashSet<JobId> _ended = [];
    private long? _measured;
    private bool _proven;
    private bool _reloaded;
    private long _asked;
    private int? _exitCode;
    private volatile bool _reloadAsked;
    private volatile bool _stopAsked;

    public NodeLoop(
        DaemonOptions options, SettingsStore settings, TimeProvider clock, MetricsFile metrics, JournalQueue journal, ISystemdNotifier notifier,
        ILogger<NodeLoop> logger)
    {
        _settings = settings;
        _clock = clock;
        _logger = logger;
        _metrics = metrics;
        _journal = journal;
        _journal.Blocked = _bell.Ring;
        _started = clock.GetUtcNow();
        _notifier = notifier;
        _unsaid = notifier as NotifySocket;

        // Without the file a record of another boot cannot be told from one of this, and counts.
        BootId? boot = BootId.Read(Path.Combine(options.RunDirectory, BootId.FileName), out _);

        AgentSettings agent = settings.Current;
        _directory = new JobDirectory(options.JobDirectory);
        _watch = new RecordsWatch(options.JobDirectory, clock, logger);
        SlurmSteps steps = new(options.Proc);
        _stale = new StaleRecords(steps, clock, logger);
        _look = new JobLook(_directory, boot, _stale, logger);
        _memory = new MemoryFile(Path.Combine(options.StateDirectory, "node.state"), boot ?? BootId.Read(BootId.KernelPath, out _) ?? default, DirectoryProof.OfBoot(options.JobDirectory), clock);
        _writer = new MemoryWriter(_memory, _bell.Ring, logger);
        _handovers = new HandoverHistory(Path.Combine(options.RunDirectory, "handovers"), clock, logger);
        _decisions = new DecisionLog(logger, agent.Unit, _look.UserOf);
        _board = new NodeBoard(agent.Unit, clock);
        BootTime now = BootTime.Now(clock);
        _watchdog = new Watchdog(notifier, Watchdog.Interval, now);
        _pump = new EventPump(
            NodeMachine.Begin(settings.ForDecisions, LoadMemory(), (ulong)Random.Shared.NextInt64(), now), clock, CarryOut, Serve);
        _evidence = new EvidenceDesk(_look, steps, _steps, _pump.Add, logger);
        _permits = new PermitFolder(Path.Combine(options.RunDirectory, "permit"), logger);
        _units = new UnitLink(agent.Unit, agent.RequireUnit, _permits, _pump.Add, clock, logger);
        NodeObject target = new(_pump.Add, _board, clock, logger);
        _bus = new BusLink(options.Bus, target, _units, _prologs, _pump.Add, clock, logger);
        _requests = new RequestDesk(_pump, _look, _evidence, _units.ReadUnits, _prologs, _counters, epilog => AskWhoEnds(target, epilog), Unwritten);
    }

    /// <summary>Asks for the settings to be read again. From any thread.</summary>
    public void AskReload()
    {
        _reloadAsked = true;
        _bell.Ring();
    }

    /// <summary>Asks the loop to end. From any thread.</summary>
    public void AskStop()
    {
        _stopAsked = true;
        _bell.Ring();
    }

    /// <summary>
    /// What must be done before systemd hears that the daemon is ready. What systemd has queued to follow the daemon's start
    /// comes then, and finds no permit. Neither bus nor systemd is waited for: what waits for the daemon's start waits for
    /// nothing else.
    /// </summary>
    public void Begin()
    {
        _permits.Clear();
        _settings.Publish();
        _settings.TellStarted();
        _handovers.Load();
        _evidence.Gather();
        _pump.Run();
        _counters.TakeOver();
    }

    /// <summary>Runs until it is asked to stop or gives up; the daemon's exit code.</summary>
    public int Run()
    {
        _proven = _pump.Model.Directory.Trust is DirectoryTrust.Complete;
        _bus.Connect();

        // What the start took and nothing needs any more: over a megabyte, which a heap that stays quiet would keep for ever.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        bool moreToDo = false;
        while (_exitCode is null)
        {
            Tell();
            _timer.Arm(NextDeadline());
            bool[] happened = Wait(moreToDo);
            moreToDo = Gather(happened);
            _pump.Run();
        }

        return _exitCode.Value;
    }

    public void Dispose()
    {
        _bus.Dispose();
        _writer.Dispose();
        _steps.Dispose();
        _stale.Dispose();
        _watch.Dispose();
        _timer.Dispose();
        _bell.Dispose();
    }

    /// <summary>
    /// Waits in one poll(2) for the timer, the bell, the directory, the bus, systemd, the journal and the watched processes, in
    /// this order.
    /// </summary>
    private unsafe bool[] Wait(bool moreToDo)
    {
        BusConnection? connection = _bus.Connection;
        List<PollEntry> entries =
        [
            Readable(_timer.Descriptor),
            Readable(_bell.Descriptor),
            Readable(_watch.Descriptor),
            new PollEntry { Descriptor = connection?.Descriptor ?? -1, Events = connection?.PollEvents ?? 0 },
            new PollEntry { Descriptor = _unsaid is { WaitsToWrite: true } ? _unsaid.Descriptor : -1, Events = PollEntry.Writable },
            new PollEntry { Descriptor = _journal.Descriptor, Events = PollEntry.Writable },
        ];
        foreach (int process in _steps.Descriptors.Concat(_stale.Descriptors))
        {
            entries.Add(Readable(process));
        }

        int timeout = moreToDo ? 0 : MonotonicClock.MillisecondsUntil(connection?.DeadlineMonotonicUsec);
        fixed (PollEntry* first = CollectionsMarshal.AsSpan(entries))
        {
            // Interrupted, it finds nothing to do and waits again.
            _ = Libc.Poll(first, (nuint)entries.Count, timeout);
        }

        bool[] happened = new bool[entries.Count];
        for (int i = 0; i < happened.Length; i++)
        {
            happened[i] = entries[i].Returned != 0;
        }

        return happened;
    }

    /// <summary>Brings what happened to the pump. True when the bus has more to do at once.</summary>
    private bool Gather(bool[] happened)
    {
        const int timer = 0;
        const int bell = 1;
        const int directory = 2;
        const int systemd = 4;
        const int firstProcess = 6;
        BootTime now = BootTime.Now(_clock);
        _journal.Pump();
        if (happened[bell])
        {
            _bell.Drain();
            _requests.AnswerWritten(_writer.Written);
            HearHost();
        }

        if (happened[directory] && _watch.Drain())
        {
            _pump.Add(_look.Look());
        }

        if (happened[systemd])
        {
            _unsaid?.Flush();
        }

        if (happened.AsSpan(firstProcess).Contains(true))
        {
            _evidence.Gather();
            _stale.Look();
        }

        if (happened[timer])
        {
            _timer.Drain();
            _watchdog.Feed(now);
            if (NodeMachine.NextDeadline(_pump.Model) <= now || NodeMachine.TellableAt(_pump.Model) <= now)
            {
                _pump.Add(new TimePassed());
            }

            if (_watch.LookAgainAt <= now)
            {
                _watch.Renew();
                _pump.Add(_look.Look());
            }

            if (_stale.NextAt <= now)
            {
                _stale.Look();
            }

            if (_units.RetryAt <= now)
            {
                _units.AskAgain();
            }

            if (_bus.RetryAt <= now)
            {
                _bus.Connect();
            }
        }

        return _bus.Process();
    }

    private void HearHost()
    {
        if (_reloadAsked)
        {
            _reloadAsked = false;
            _notifier.Notify(ServiceStates.Reloading());
            if (_settings.Reload())
            {
                _pump.Add(new SettingsChanged(_settings.ForDecisions));
                _measured = null;
            }

            _reloaded = true;
        }

        if (_stopAsked)
        {
            _logger.DaemonStopping();
            _exitCode ??= 0;
        }
    }

    private void Serve(NodeRequest request) => _requests.Serve(request);

    private void AskWhoEnds(NodeObject target, EpilogRequest epilog)
    {
        if (_bus.Connection is { } connection)
        {
            target.AskAsRoot(connection, epilog with { ByRoot = true });
        }
    }

    /// <summary>Tells those who listen what is new: the bus, systemd, and last the metrics. Prologs have been answered by now.</summary>
    private void Tell()
    {
        if (_pump.Model.Provider is not Starting { Start.Finished: false })
        {
            _permits.Withdraw();
        }

        if (_pump.Model.Directory.Trust is DirectoryTrust.Complete && !_proven)
        {
            // Made anew and reconciled, and what the hook goes by may have gone with the old one.
            _settings.Publish();
        }

        _proven = _pump.Model.Directory.Trust is DirectoryTrust.Complete;

        IReadOnlyList<string> changed = _board.Update(_pump.Model, _counters, _handovers.Recent);
        if (changed.Count > 0 && _bus.Connection is { IsReady: true } connection)
        {
            NodeProperties.EmitChanged(connection, changed, _board.Current);
        }

        if (_reloaded)
        {
            _reloaded = false;
            _notifier.Notify(ServiceState.Ready);
        }

        if (changed.Contains(NodeProperty.State) || changed.Contains(NodeProperty.Reason))
        {
            _notifier.Notify(ServiceStates.Status(StatusLine()));
        }

        _handovers.Save();
        _ended.RemoveWhere(ForgetUserOf);
        if (changed.Count > 0 || _counters.Changes != _measured)
        {
            _measured = _counters.Changes;
            _metrics.Publish(_settings.Current.MetricsTextFile, new MetricsSnapshot(_started, _board.Current, _counters.Totals));
        }
    }

    /// <summary>The user of a job that has ended is told until what its end brings about has been told.</summary>
    private bool ForgetUserOf(JobId ended)
    {
        if (_pump.Model.Told.TriggeringJobs.Contains(ended))
        {
            return false;
        }

        if (!_pump.Model.Jobs.Recorded.ContainsKey(ended))
        {
            _look.Forget(ended);
        }

        return true;
    }

    private string StatusLine() => $"{_pump.Model.Told.State.Word()}: {_pump.Model.Told.Reason.Sentence()}";

    private BootTime? NextDeadline()
    {
        BootTime? next = null;
        foreach (BootTime? deadline in (ReadOnlySpan<BootTime?>)[NodeMachine.NextDeadline(_pump.Model), _watch.LookAgainAt, _stale.NextAt, _units.RetryAt, _bus.RetryAt, _watchdog.Next])
        {
            next = deadline is { } at && !(next <= at) ? at : next;
        }

        return next;
    }

    private void CarryOut(NodeEffect effect)
    {
        _counters.Count(effect);
        switch (effect)
        {
            case StartUnit start:
                _units.Start(start.Attempt);
                break;
            case StopUnit stop:
                _units.Stop(stop.Attempt);
                break;
            case FindStrays:
                _units.FindStrays();
                break;
            case StopStray stray:
                _units.StopStray(stray.Unit);
                break;
            case KillStray stray:
                _units.KillStray(stray.Unit);
                break;
            case SignalUnit signal:
                _units.Signal(signal.Kill);
                break;
            case InspectUnit:
                _units.Inspect();
                break;
            case ReadUnits:
                _units.ReadUnits();
                break;
            case ScanSteps:
                _evidence.Gather();
                break;
            case DropRecord drop:
                Drop(drop);
                break;
            case AnswerProlog answer:
                _prologs.Answer(answer.Token);
                break;
            case Remember remember:
                Save(remember.State);
                break;
            case GiveUp:
                _logger.GaveUp(TimeSpanText.Format(NodeMachine.UnreachableLimit));
                _exitCode ??= 1;
                break;
            default:
                _decisions.Tell(effect);
                if (effect is JobDisappeared gone)
                {
                    _ended.Add(gone.Job);
                }
                else if (effect is HandoverDone done)
                {
                    _handovers.Add(done);
                }

                break;
        }
    }

    private void Drop(DropRecord drop)
    {
        RecordChange change = _directory.Remove(drop.Job, drop.Record);
        switch (change.Outcome)
        {
            case RecordOutcome.Done:
                _logger.RecordDropped(drop.Job);
                break;
            case RecordOutcome.WasNotThere:
                // Its Epilog was faster, or a later record of the job is there: the reading tells.
                break;
            default:
                _logger.RecordNotDropped(drop.Job, Marshal.GetPInvokeErrorMessage(change.Errno));
                break;
        }

        _pump.Add(_look.Look());
    }

    private PersistentState LoadMemory()
    {
        try
        {
            PersistentState memory = _memory.Load();
            _persistentHold = memory.Hold is { Persistent: true };
            return memory;
        }
        catch (IOException failure)
        {
            _logger.StateFileFailed("read", _memory.Path, failure.Message, "A hold of before this start is forgotten.");
            return PersistentState.Empty;
        }
    }

    private void Save(PersistentState memory)
    {
        // All else in it means nothing after a power cut. One that the disk has must be flushed with each change: a file that
        // has replaced it, and has not reached the disk, may leave nothing behind.
        bool persistent = memory.Hold is { Persistent: true };
        _asked = _writer.Ask(memory, persistent || _persistentHold);
        _persistentHold = persistent;
    }

    /// <summary>The number of what was asked to be written last; null where it is written.</summary>
    private long? Unwritten() => _asked > _writer.Written ? _asked : null;

    private static PollEntry Readable(int descriptor) => new() { Descriptor = descriptor, Events = PollEntry.Readable };
}
