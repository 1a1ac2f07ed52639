using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>How the provider takes a SIGTERM.</summary>
internal enum Drain
{
    EndsAtOnce,
    EndsOnTheSecond,
    EndsOnKill,
}

/// <summary>What the daemon sends to systemd.</summary>
internal abstract record Call;

internal sealed record QueueJob(UnitJobType Type, long Attempt) : Call;

internal sealed record Signal(bool Kill) : Call;

internal sealed record Read : Call;

internal sealed record Inspect : Call;

/// <summary>
/// The provider's unit as systemd runs it: a queue of one job, the record conditions, TimeoutStopSec. Calls come in
/// and messages go out in order, and neither is handled before somebody says so. A null message is PropertiesChanged.
/// </summary>
internal sealed class SimSystemd(SimWorld world)
{
    public static readonly TimeSpan TimeoutStop = TimeSpan.FromSeconds(14);

    private bool _processGone;
    private BootTime? _stopBegan;
    private bool _conditionMet = true;
    private bool _refused;
    private ulong _conditionChecked;
    private bool _processesRemain;
    private bool _allKilled;
    private int _jobs;

    public Queue<Call> Calls { get; } = new();

    public Queue<NodeEvent?> Messages { get; } = new();

    public HashSet<string> OwnJobs { get; } = [];

    public UnitLoadState Load { get; private set; } = UnitLoadState.Loaded;

    public UnitActiveState Active { get; private set; } = UnitActiveState.Inactive;

    public UnitJobType Job { get; private set; }

    public string JobPath { get; private set; } = "";

    public bool RequiredUnitUp { get; private set; } = true;

    public bool AgentStopping { get; private set; }

    public Drain Drain { get; set; }

    public bool FailsToStart { get; set; }

    /// <summary>The answer of the unit's ExecCondition=; null without one.</summary>
    public bool? MayBeLent { get; set; }

    /// <summary>KillMode=process: what the provider started outlives it.</summary>
    public bool LeavesProcesses { get; set; }

    public UnitRefusal? RefusesNext { get; set; }

    /// <summary>Queues the next job and loses the answer, which a caller takes for a refusal.</summary>
    public bool LosesNextAnswer { get; set; }

    public bool ProviderRuns => Active is UnitActiveState.Active or UnitActiveState.Deactivating || _processesRemain;

    public UnitsSeen Seen => new(
        new UnitReading(Load, Active, Job, JobPath) { ProcessesRemain = _processesRemain && Active is UnitActiveState.Inactive or UnitActiveState.Failed },
        RequiredUnitUp, AgentStopping);

    /// <summary>When something happens by itself.</summary>
    public BootTime? NextDeadline => Active is UnitActiveState.Deactivating && !_processGone ? _stopBegan + TimeoutStop : null;

    public bool HandleCall()
    {
        if (!Calls.TryDequeue(out Call? call))
        {
            return false;
        }

        switch (call)
        {
            case QueueJob(var type, var attempt):
                Say(Answer(type, attempt));
                break;
            case Signal { Kill: var kill } when ProviderRuns:
                ProcessGets(kill ? 3 : 2);
                _processesRemain &= !kill;
                _allKilled |= kill;
                break;
            case Read:
                Say(Seen);
                break;
            case Inspect:
                Say(new UnitInspected(_conditionMet, "") { ConditionChecked = new ConditionStamp(_conditionChecked), Refused = _refused });
                break;
        }

        return true;
    }

    /// <summary>The queued job goes one step on; false when it can go no further by itself.</summary>
    public bool RunJob()
    {
        switch (Job)
        {
            case UnitJobType.Stop or UnitJobType.Restart when Active is UnitActiveState.Activating:
                // The condition dies of the signal.
                Become(UnitActiveState.Failed);
                return true;
            case UnitJobType.Start when Active is UnitActiveState.Activating:
                EndCondition();
                return true;
            case UnitJobType.Stop or UnitJobType.Restart when Active is UnitActiveState.Active:
                (_stopBegan, _processGone, _allKilled) = (world.Now, false, false);
                Become(UnitActiveState.Deactivating);
                ProcessGets(1);
                return true;
            case UnitJobType.Stop or UnitJobType.Restart or UnitJobType.Start when Active is UnitActiveState.Deactivating:
                if (!_processGone && world.Now < NextDeadline)
                {
                    return false;
                }

                Become(UnitActiveState.Inactive);
                return true;
            case UnitJobType.Stop:
                EndJob(UnitJobResult.Done);
                return true;
            case UnitJobType.Restart:
                Job = UnitJobType.Start;
                Say(null);
                return true;
            case UnitJobType.Start when Active is UnitActiveState.Active:
                EndJob(UnitJobResult.Done);
                return true;
            case UnitJobType.Start:
                Start();
                return true;
            default:
                if (Active is UnitActiveState.Deactivating && _processGone)
                {
                    Become(UnitActiveState.Inactive);
                    return true;
                }

                return false;
        }
    }

    /// <summary>A job gets into the queue, at the agent's or at anybody's wish, and replaces one of another kind.</summary>
    public string Queues(UnitJobType type)
    {
        if (Job != type)
        {
            EndJob(UnitJobResult.Canceled);
            (Job, JobPath) = (type, $"/job/{++_jobs}");
            Say(null);
        }

        return JobPath;
    }

    public void ProviderExits()
    {
        if (Active is UnitActiveState.Active)
        {
            world.Misbehaved = true;
            Become(UnitActiveState.Failed);
        }
    }

    public void Set(UnitLoadState? load = null, bool? requiredUnitUp = null, bool? agentStopping = null)
    {
        (Load, RequiredUnitUp, AgentStopping) =
            (load ?? Load, requiredUnitUp ?? RequiredUnitUp, agentStopping ?? AgentStopping);
        Say(null);
    }

    /// <summary>The agent is gone, and BindsTo= with it: its restart waits until the provider has stopped.</summary>
    public void AgentEnds()
    {
        EndJob(UnitJobResult.Canceled);
        Active = UnitActiveState.Inactive;
        _processesRemain = false;
        AgentStopping = false;
        LoseConnection(handleCalls: false);
    }

    public void LoseConnection(bool handleCalls)
    {
        while (handleCalls && HandleCall())
        {
        }

        Calls.Clear();
        Messages.Clear();
        OwnJobs.Clear();
    }

    private NodeEvent Answer(UnitJobType type, long attempt)
    {
        UnitRefusal? refusal = RefusesNext ?? (type, Load, Job) switch
        {
            (UnitJobType.Start, UnitLoadState.Masked, _) => UnitRefusal.Masked,
            (UnitJobType.Start, _, UnitJobType.Stop or UnitJobType.Restart) => UnitRefusal.TransactionConflict,
            _ => null,
        };
        RefusesNext = null;
        if (refusal is { } cause)
        {
            world.Misbehaved = true;
            return new UnitJobRefused(attempt, cause, "");
        }

        string path = Queues(type);
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            world.Misbehaved = true;
            return new UnitJobRefused(attempt, UnitRefusal.Other, "no answer");
        }

        OwnJobs.Add(path);
        return new UnitJobQueued(attempt, path);
    }

    private void Start()
    {
        _conditionMet = world.Records.Count == 0 && world.Permit;
        _conditionChecked++;
        if (!_conditionMet)
        {
            world.Misbehaved = true;
            EndJob(UnitJobResult.Done);
        }
        else if (FailsToStart)
        {
            world.Misbehaved = true;
            Become(UnitActiveState.Failed);
            EndJob(UnitJobResult.Failed);
        }
        else if (MayBeLent is not null)
        {
            _refused = false;
            Become(UnitActiveState.Activating);
        }
        else
        {
            _refused = false;
            Become(UnitActiveState.Active);
            EndJob(UnitJobResult.Done);
        }
    }

    private void EndCondition()
    {
        _refused = MayBeLent is false;
        _conditionMet = !_refused;
        Become(_refused ? UnitActiveState.Inactive : UnitActiveState.Active);
        EndJob(UnitJobResult.Done);
    }

    /// <param name="strength">First SIGTERM, second SIGTERM, SIGKILL.</param>
    private void ProcessGets(int strength) => _processGone |= strength > (int)Drain;

    private void Become(UnitActiveState active)
    {
        bool ends = Active is UnitActiveState.Active or UnitActiveState.Deactivating
            && active is UnitActiveState.Inactive or UnitActiveState.Failed;
        _processesRemain |= ends && LeavesProcesses && !_allKilled;
        Active = active;
        Say(null);
    }

    private void EndJob(UnitJobResult result)
    {
        if (Job is not UnitJobType.None)
        {
            string path = JobPath;
            (Job, JobPath) = (UnitJobType.None, "");
            Say(new UnitJobRemoved(path, result));
        }
    }

    private void Say(NodeEvent? message)
    {
        if (world.Connected)
        {
            Messages.Enqueue(message);
        }
    }
}
