using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Core.Time;
using HookAgent.Daemon.Bus;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Linux;
using HookAgent.Daemon.Loop;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.Notify;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Units;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon;

/// <summary>
/// What the agent is composed of, and what each part is woken by. All of it happens on one thread: the loop sleeps until
/// something happens, the parts bring it to the pump, the pump steps the machine, and the effects and the news go out.
/// </summary>
internal sealed class Agent : IDisposable
{
    private readonly EventLoop _loop;
    private readonly HeapTrim _heap = new();
    private readonly SettingsStore _settings;
    private readonly ILogger _logger;
    private readonly ISystemdNotifier _notifier;
    private readonly JournalQueue _journal;
    private readonly PermitFolder _permits;
    private readonly HandoverHistory _handovers;
    private readonly NodeCounters _counters;
    private readonly RecordsWatcher _records;
    private readonly PidfdWatcher _orphans = new();
    private readonly StaleRecords _stale;
    private readonly DirectoryScanner _directory;
    private readonly StepScanner _steps;
    private readonly KilledProcesses _killed;
    private readonly KernelKills _kernelKills;
    private readonly StateWriter _state;
    private readonly EventPump _pump;
    private readonly StatusSession _status;
    private readonly NodeSession _bus;
    private readonly Publisher _publisher;
    private int? _exitCode;
    private volatile bool _reloadAsked;
    private volatile bool _stopAsked;

    public Agent(
        DaemonOptions options, SettingsStore settings, TimeProvider clock, MetricsFile metrics, JournalQueue journal, ISystemdNotifier notifier,
        ILogger<Agent> logger)
    {
        _settings = settings;
        _logger = logger;
        _notifier = notifier;
        _journal = journal;
        _loop = new EventLoop(clock);
        AgentSettings agent = settings.Current;

        // Without the file a record of another boot cannot be told from one of this, and counts.
        BootId? boot = BootId.Read(Path.Combine(options.RunDirectory, BootId.FileName), out _);
        JobDirectory jobs = new(options.JobDirectory);
        SlurmSteps processes = new(options.Proc);
        _records = new RecordsWatcher(options.JobDirectory, clock, logger);
        _stale = new StaleRecords(processes, clock, logger);
        RecordIdentity? proof = DirectoryProof.OfBoot(options.JobDirectory);
        _directory = new DirectoryScanner(jobs, boot, proof, _stale, logger);
        _handovers = new HandoverHistory(Path.Combine(options.RunDirectory, "handovers"), clock, logger);
        _permits = new PermitFolder(Path.Combine(options.RunDirectory, "permit"), logger);
        StateFile file = new(
            Path.Combine(options.StateDirectory, "node.state"), boot ?? BootId.Read(BootId.KernelPath, out _) ?? default, proof, clock);
        _state = new StateWriter(file, _loop.Wake, clock, logger);

        Effects? effects = null;
        _pump = new EventPump(
            NodeMachine.Begin(settings.ForDecisions, _state.Load(), (ulong)Random.Shared.NextInt64(), BootTime.Now(clock)), clock,
            effect => effects!.CarryOut(effect));
        _steps = new StepScanner(_directory, processes, _orphans, _pump.Add, clock, logger);
        PrologCalls prologs = new();
        _counters = new NodeCounters(clock);
        ControlGroups groups = new(options.ControlGroups);
        _killed = new KilledProcesses(groups, options.Proc, clock);
        _kernelKills = new KernelKills(groups, _killed.Hasten);
        UnitController units = new(agent.Unit, agent.RequireUnit, _permits, _kernelKills, _killed, _pump.Add, clock, logger);
        PublishedStatus status = new(agent.Unit, agent.RequireUnit ?? "", clock);
        RequestHandler? requests = null;
        NodeObject target = new(request => _pump.Add(() => requests!.Serve(request)), status, clock, logger);
        _status = new StatusSession(options.Bus, target, clock, logger);
        _bus = new NodeSession(options.Bus, target, _status, units, prologs, _pump.Add, clock, logger);
        effects = new Effects(
            units, _steps, _directory, jobs, prologs, _state, _handovers, _counters, new DecisionLog(logger, agent.Unit, agent.RequireUnit ?? "", _directory.UserOf),
            _pump.Add, giveUp: () => _exitCode ??= 1, logger);
        requests = new RequestHandler(_pump, _directory, _steps, units.ReadUnits, prologs, _counters, epilog => AskWhoEnds(target, epilog), _state,
            () => settings.Current.HookTimeout + settings.Current.PrologWait, clock);
        _publisher = new Publisher(
            _bus, status, _handovers, _counters, _stale, _permits, settings, effects, metrics, notifier, clock.GetUtcNow());

        Watchdog watchdog = new(notifier, Watchdog.Interval, clock);
        _journal.Blocked = _loop.Wake;
        _loop.WhenWoken(() => requests.AnswerWritten(_state.Written));
        _loop.WhenWoken(HearHost);
        _loop.When(poll => poll.Add(PollEntry.ForReading(_records.Descriptor)), () => ScanDirectory(_records.Drain()));
        _loop.When(poll => PollBus(poll, _bus), () => { });
        _loop.When(poll => PollBus(poll, _status), () => { });
        if (notifier is NotifySocket unsaid)
        {
            _loop.When(poll => poll.Add(PollEntry.ForWriting(unsaid.WaitsToWrite ? unsaid.Descriptor : -1)), unsaid.Flush);
        }

        _loop.When(poll => poll.Add(PollEntry.ForWriting(_journal.Descriptor)), _journal.Pump);
        _loop.When(_orphans.Poll, _steps.Scan);
        _loop.When(_stale.Poll, _stale.Scan);
        _loop.When(poll => poll.Add(PollEntry.ForReading(_kernelKills.Descriptor)), _kernelKills.Heard);
        _loop.At(() => watchdog.Next, () =>
        {
            watchdog.Feed();
            _heap.TrimWhenQuiet();
        });
        _loop.At(() => NodeMachine.NextDeadline(_pump.Model), () => _pump.Add(new TimePassed()), whenAwake: () => NodeMachine.AnnounceableAt(_pump.Model));
        _loop.At(() => _records.RescanAt, () =>
        {
            _records.Renew();
            ScanDirectory(true);
        });
        _loop.At(() => _steps.RescanAt, _steps.Scan);
        _loop.At(() => _stale.NextAt, _stale.Scan);
        _loop.At(() => _state.RetryAt, _state.Retry);
        _loop.At(() => units.RetryAt, units.AskAgain);
        _loop.At(() => _bus.RetryAt, _bus.Connect);
        _loop.At(() => _status.RetryAt, _status.Connect);
    }

    /// <summary>Asks for the settings to be read again. From any thread.</summary>
    public void AskReload()
    {
        _reloadAsked = true;
        _loop.Wake();
    }

    /// <summary>Asks the loop to end. From any thread.</summary>
    public void AskStop()
    {
        _stopAsked = true;
        _loop.Wake();
    }

    /// <summary>
    /// What must be done before systemd hears that the agent is ready. What systemd has queued to follow the agent's start
    /// comes then, and finds no permit. Neither bus nor systemd is waited for: what waits for the agent's start waits for
    /// nothing else.
    /// </summary>
    public void Begin()
    {
        _permits.Clear();
        _settings.Publish();
        _settings.LogStarted();
        _handovers.Load();
        _steps.Scan();
        _pump.Run();
        _counters.TakeOver();
    }

    /// <summary>Runs until it is asked to stop or gives up; the agent's exit code.</summary>
    public int Run()
    {
        _publisher.Begin(_pump.Model);
        _bus.Connect();

        // What the start took and nothing needs any more: over a megabyte.
        _heap.Trim();

        // Beside a job that takes all memory it must still act at once, and not wait for the disk to bring back its own program.
        // Where LimitMEMLOCK= is lower than that of its unit it is as slow as all others there.
        LinuxCalls.LockMemory();
        bool moreToDo = false;
        while (_exitCode is null)
        {
            _publisher.Publish(_pump.Model);
            _loop.Turn(moreToDo, Earlier(_bus.Connection?.DeadlineMonotonicUsec, _status.Connection?.DeadlineMonotonicUsec));
            moreToDo = _bus.Process() | _status.Process();
            _pump.Run();
        }

        return _exitCode.Value;
    }

    public void Dispose()
    {
        _bus.Dispose();
        _state.Dispose();
        _kernelKills.Dispose();
        _killed.Dispose();
        _orphans.Dispose();
        _stale.Dispose();
        _records.Dispose();
        _loop.Dispose();
    }

    /// <summary>The earlier of two moments, of which there may be none.</summary>
    private static ulong? Earlier(ulong? one, ulong? other) => one is null || other < one ? other : one;

    /// <summary>The bus is read and written at the end of each turn, whatever woke it.</summary>
    private static void PollBus(List<PollEntry> poll, BusSession session)
    {
        if (session.Connection is { } bus)
        {
            poll.Add(new PollEntry { Descriptor = bus.Descriptor, Events = bus.PollEvents });
        }
    }

    private void ScanDirectory(bool changed)
    {
        if (changed)
        {
            _pump.Add(_directory.Scan());
        }
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
            }

            _publisher.Reloaded();
        }

        if (_stopAsked)
        {
            _logger.DaemonStopping();
            _exitCode ??= 0;
        }
    }

    private void AskWhoEnds(NodeObject target, EpilogRequest epilog)
    {
        if (_bus.Connection is { } connection)
        {
            target.AskAsRoot(connection, epilog with { ByRoot = true });
        }
    }
}
