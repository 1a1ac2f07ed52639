using System.Diagnostics;
using System.Runtime.InteropServices;
using HookAgent.Bus;
using HookAgent.Bus.Sd;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Core.Time;
using HookAgent.Daemon.Evidence;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.Object;
using HookAgent.Daemon.Posix;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Systemd;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Loop;

/// <summary>
/// The one thread on which everything happens: it waits for the timer, the job directory, the bus, watched
/// processes and the host's bell in a single poll(2), and steps the machine inline. Nothing in it blocks, and
/// it sleeps until something happens.
/// </summary>
internal sealed class NodeLoop : IDisposable
{
    private readonly SettingsStore _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly LoopTimer _timer = new();
    private readonly LoopBell _bell = new();
    private readonly DirectoryWatch _watch;
    private readonly StepWatch _steps = new();
    private readonly StaleRecords _stale;
    private readonly JobDirectory _directory;
    private readonly JobLook _look;
    private readonly EvidenceDesk _evidence;
    private readonly MemoryFile _memory;
    private readonly DiskFlush _flush;
    private readonly NodeCounters _counters = new();
    private readonly NodeBoard _board;
    private readonly MetricsFile _metrics;
    private readonly FileTrouble _memoryTrouble;
    private readonly DateTimeOffset _started;
    private readonly PrologCalls _prologs = new();
    private readonly PermitFolder _permits;
    private readonly UnitLink _units;
    private readonly BusLink _bus;
    private readonly EventPump _pump;
    private readonly DecisionLog _decisions;
    private readonly Watchdog _watchdog;
    private readonly JournalQueue _journal;
    private bool _persistentHold;
    private readonly HashSet<JobId> _ended = [];
    private long? _measured;
    private bool _ready;
    private int? _exitCode;
    private volatile bool _reloadAsked;
    private volatile bool _stopAsked;

    public NodeLoop(DaemonOptions options, SettingsStore settings, TimeProvider clock, MetricsFile metrics, JournalQueue journal, ILogger<NodeLoop> logger)
    {
        _settings = settings;
        _clock = clock;
        _logger = logger;
        _metrics = metrics;
        _journal = journal;
        _journal.Blocked = _bell.Ring;
        _started = clock.GetUtcNow();
        _memoryTrouble = new FileTrouble(logger, "A hold, and what is known of the job directory, end with this daemon.");

        // Without the file a record of another boot cannot be told from one of this, and counts.
        BootId? boot = BootId.Read(Path.Combine(options.RunDirectory, BootId.FileName), out _);

        AgentSettings agent = settings.Current;
        _directory = new JobDirectory(options.JobDirectory);
        _watch = new DirectoryWatch(options.JobDirectory);
        SlurmSteps steps = new(options.Proc);
        _stale = new StaleRecords(steps, clock, logger);
        _look = new JobLook(_directory, options.RunDirectory, boot, _stale, logger);
        _memory = new MemoryFile(Path.Combine(options.StateDirectory, "node.state"), boot ?? BootId.Read(BootId.KernelPath, out _) ?? default, BootMarker.Of(options.RunDirectory), clock);
        _flush = new DiskFlush(_memory.Path, logger);
        _decisions = new DecisionLog(logger, agent.Unit, _look.UserOf);
        _board = new NodeBoard(agent.Unit, clock);
        BootTime now = BootTime.Now(clock);
        _watchdog = new Watchdog(now);
        _pump = new EventPump(
            NodeMachine.Begin(settings.ForDecisions, LoadMemory(), (ulong)Random.Shared.NextInt64(), now), clock, CarryOut);
        _evidence = new EvidenceDesk(_look, steps, _steps, _pump.Dispatch, logger);
        _permits = new PermitFolder(Path.Combine(options.RunDirectory, "permit"), logger);
        _units = new UnitLink(agent.Unit, agent.RequireUnit, _permits, _pump.Dispatch, clock, logger);
        NodeObject target = new(Take, Look, Refresh, job => _pump.Model.Unrecorded.Contains(job), _prologs, _board, clock, logger);
        _bus = new BusLink(options.Bus, target, _units, _prologs, _pump.Dispatch, clock, logger);
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

    /// <summary>Runs until it is asked to stop or gives up; the daemon's exit code.</summary>
    public int Run()
    {
        _permits.Clear();
        _settings.Publish();
        _settings.TellStarted();
        _evidence.Gather();
        _counters.TakeOver();
        _bus.Connect();
        bool moreToDo = false;
        while (_exitCode is null)
        {
            Tell();
            _timer.Arm(NextDeadline());
            bool[] happened = Wait(moreToDo);
            moreToDo = Serve(happened);
        }

        ServiceNotify.Stopping("stopping");
        return _exitCode.Value;
    }

    public void Dispose()
    {
        _bus.Dispose();
        _steps.Dispose();
        _stale.Dispose();
        _watch.Dispose();
        _timer.Dispose();
        _bell.Dispose();
    }

    /// <summary>Waits in one poll(2) for the timer, the bell, the directory, the bus, the journal and the watched processes, in this order.</summary>
    private unsafe bool[] Wait(bool moreToDo)
    {
        BusConnection? connection = _bus.Connection;
        List<PollEntry> entries =
        [
            Readable(_timer.Descriptor),
            Readable(_bell.Descriptor),
            Readable(_watch.Descriptor),
            new PollEntry { Descriptor = connection?.Descriptor ?? -1, Events = (short)(connection?.Events ?? PollEvents.None) },
            new PollEntry { Descriptor = _journal.Descriptor, Events = (short)PollEvents.Writable },
        ];
        foreach (int process in _steps.Descriptors.Concat(_stale.Descriptors))
        {
            entries.Add(Readable(process));
        }

        int timeout = moreToDo ? 0 : Milliseconds(connection?.DeadlineMonotonicUsec);
        fixed (PollEntry* first = CollectionsMarshal.AsSpan(entries))
        {
            // Interrupted, it finds nothing to do and waits again.
            _ = LoopCalls.Poll(first, (nuint)entries.Count, timeout);
        }

        bool[] happened = new bool[entries.Count];
        for (int i = 0; i < happened.Length; i++)
        {
            happened[i] = entries[i].Happened != 0;
        }

        return happened;
    }

    /// <summary>True when the bus has more to do at once.</summary>
    private bool Serve(bool[] happened)
    {
        const int timer = 0;
        const int bell = 1;
        const int directory = 2;
        const int firstProcess = 5;
        BootTime now = BootTime.Now(_clock);
        _journal.Pump();
        if (happened[bell])
        {
            _bell.Drain();
            ServeHost();
        }

        if (happened[directory] && _watch.Drain())
        {
            Look();
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
                _pump.Dispatch(new TimePassed());
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

    private void ServeHost()
    {
        if (_reloadAsked)
        {
            _reloadAsked = false;
            ServiceNotify.Reloading();
            if (_settings.Reload())
            {
                _pump.Dispatch(new SettingsChanged(_settings.ForDecisions));
                _measured = null;
            }

            ServiceNotify.Ready(StatusLine());
        }

        if (_stopAsked)
        {
            _logger.DaemonStopping();
            _exitCode ??= 0;
        }
    }

    /// <summary>Tells those who listen what is new: the bus, systemd, and last the metrics. Prologs have been answered by now.</summary>
    private void Tell()
    {
        if (_pump.Model.Work is not { Kind: UnitWorkKind.Start, Finished: false })
        {
            _permits.Withdraw();
        }

        IReadOnlyList<string> changed = _board.Update(_pump.Model, _counters);
        if (changed.Count > 0 && _bus.Connection is { IsReady: true } connection)
        {
            NodeProperties.EmitChanged(connection, changed, _board.Current);
        }

        if (!_ready)
        {
            // Whatever systemd has queued to follow the agent's start comes now, and finds no permit. Neither bus nor
            // systemd is waited for: what waits for the agent's start waits for nothing else.
            _ready = true;
            ServiceNotify.Ready(StatusLine());
        }
        else if (_ready && (changed.Contains(NodeProperty.State) || changed.Contains(NodeProperty.Reason)))
        {
            ServiceNotify.Status(StatusLine());
        }

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
        if (_pump.Model.Concerned.Contains(ended))
        {
            return false;
        }

        if (!_pump.Model.Recorded.ContainsKey(ended))
        {
            _look.Forget(ended);
        }

        return true;
    }

    private string StatusLine() => $"{_pump.Model.State.Word()}: {_pump.Model.Reason.Sentence()}";

    private BootTime? NextDeadline()
    {
        BootTime?[] deadlines =
        [
            NodeMachine.NextDeadline(_pump.Model), _stale.NextAt, _units.RetryAt, _bus.RetryAt, _watchdog.Next,
        ];
        return deadlines.Min();
    }

    private void Look()
    {
        DirectoryIdentity? before = _pump.Model.DirectoryIdentity;
        _pump.Dispatch(_look.Look());
        if (_pump.Model.DirectoryIdentity is { } found && found != before)
        {
            // Made anew, and what the hook goes by went with the old one.
            _settings.Publish();
        }
    }

    private void Refresh()
    {
        _evidence.Gather();
        _units.ReadUnits();
    }

    /// <summary>An event that a call brought.</summary>
    private void Take(NodeEvent happened)
    {
        if (happened is PrologCalled prolog)
        {
            _counters.CountNudge(prolog.Job);
        }

        _pump.Dispatch(happened);
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
            case GatherEvidence:
                _evidence.Gather();
                break;
            case DropRecord drop:
                Drop(drop);
                break;
            case AnswerProlog answer:
                _prologs.Answer(answer.Token, _bus.Connection);
                break;
            case Remember remember:
                Save(remember.Memory);
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

        Look();
    }

    private NodeMemory LoadMemory()
    {
        try
        {
            NodeMemory memory = _memory.Load();
            _persistentHold = memory.Hold is { Persistent: true };
            return memory;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.StateFileFailed("read", _memory.Path, failure.Message, "A hold of before this start is forgotten.");
            return NodeMemory.Empty;
        }
    }

    private void Save(NodeMemory memory) => _memoryTrouble.Write(_memory.Path, () =>
    {
        _memory.Save(memory);

        // All else in it means nothing after a power cut. One that the disk has must be flushed with each change: a
        // file that has replaced it, and has not reached the disk, may leave nothing behind.
        bool persistent = memory.Hold is { Persistent: true };
        if (persistent || _persistentHold)
        {
            _flush.Ask();
        }

        _persistentHold = persistent;
    });

    private static PollEntry Readable(int descriptor) => new() { Descriptor = descriptor, Events = (short)PollEvents.Readable };

    /// <summary>From a moment of CLOCK_MONOTONIC to a timeout for poll(2), rounded up; -1, for ever, without one.</summary>
    private static int Milliseconds(ulong? monotonicUsec)
    {
        if (monotonicUsec is not { } deadline)
        {
            return -1;
        }

        ulong now = (ulong)(Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond);
        return deadline <= now ? 0 : (int)Math.Min((deadline - now + 999) / 1000, int.MaxValue);
    }
}
