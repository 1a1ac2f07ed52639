using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Bus.Systemd;
using HookAgent.Bus.Wire;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.State;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Units;

/// <summary>
/// The machine's hands and eyes on systemd: carries calls out on whatever connection there is, and brings back
/// events. systemd's signals only say that something changed; the units are then read again, in one call for
/// all of them, and an answer that something has overtaken is thrown away, some times in a row. A unit that is inactive is then asked for
/// its processes, because only one without any is gone.
/// </summary>
internal sealed class UnitController(
    string unit, string? requireUnit, PermitFolder permits, KernelKills kernelKills, KilledProcesses killed, Action<NodeEvent> dispatch, TimeProvider clock, ILogger logger)
{
    /// <summary>The agent's own unit, whose queued stop explains the provider's.</summary>
    private const string AgentUnit = "hookagentd.service";

    /// <summary>systemd answers at once but for a daemon-reload, which can take many seconds on a large node.</summary>
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// For what decides whether a job has a provider beside it, the stop and the reading of the units. If nothing is
    /// heard for so long, because the bus hangs or systemd does, systemd counts as out of reach, and the agent's end
    /// has the provider stopped before the watchdog of an agent that hangs itself would.
    /// </summary>
    private static readonly TimeSpan s_decidingTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>What a unit comes through on its way to be stopped is read no sooner: the end of the stop is told, too.</summary>
    private static readonly TimeSpan s_onTheWay = TimeSpan.FromMilliseconds(20);

    /// <summary>Processes that remain are looked after this often at first, then half as often each time.</summary>
    private static readonly TimeSpan s_firstLookAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// So many answers in a row may be overtaken. A unit that tells its status without a pause (sd_notify(3)) overtakes them
    /// all, and would blind the agent; then the last one counts, and is followed by another.
    /// </summary>
    private const int MostOvertaken = 8;

    private readonly RequiredUnitSet _required = new(requireUnit);
    private readonly HashSet<string> _watched = [];
    private readonly HashSet<string> _kept = [];
    private SystemdManager? _manager;

    /// <summary>The unit's own name: <c>unit</c> may be an alias of it.</summary>
    private string? _ownName;

    /// <summary>The unit's control group; null while it is not up, or not told.</summary>
    private string? _group;

    private bool _groupAsked;

    /// <summary>The running units that are bound to the agent, but for the provider and RequireUnit.</summary>
    private ImmutableArray<string> _bound = [];

    /// <summary>How many of <see cref="_required"/> the reading under way asks for.</summary>
    private int _requiredAsked;

    private bool _there;
    private bool _ownerUntold;
    private bool _boundUntold;
    private bool _requiredUntold;
    private bool _reading;
    private bool _readAgain;
    private int _overtaken;

    /// <summary>The unit was seen to be gone, and nothing has been started since.</summary>
    private bool _gone;

    private bool _stopping;
    private bool _stopAnswered;

    /// <summary>systemd is done with a job of the unit, since the last one that was asked for.</summary>
    private bool _jobOver;

    private TimeSpan _lookAfter = s_firstLookAfter;

    /// <summary>systemd has read its unit files again, and the units were not read since.</summary>
    private bool _reloaded;
    private string _untold = "";

    /// <summary>When to <see cref="AskAgain"/>; null when nothing failed, no process remains, and no stop is on its way.</summary>
    public BootTime? RetryAt { get; private set; }

    private string Id => _ownName ?? unit;

    /// <summary>Begins to follow systemd over a connection that is ours alone to use.</summary>
    public void Attach(BusConnection connection)
    {
        SystemdManager manager = new(connection, s_callTimeout);
        _manager = manager;
        _there = true;
        _kept.Clear();
        _ownerUntold = false;
        _boundUntold = false;
        _requiredUntold = false;
        _reading = false;
        _readAgain = false;
        _groupAsked = false;
        _stopping = false;
        kernelKills.Heeded = false;
        _gone = false;
        _bound = [];
        _watched.Clear();
        Watch(manager, unit);
        foreach (string name in _required.Names)
        {
            Watch(manager, name);
        }

        manager.WatchJobRemovedAsync(removed =>
        {
            if (removed.Unit == Id)
            {
                _jobOver = true;
                dispatch(new UnitJobRemoved(removed.JobPath, UnitStrings.Result(removed.Result)));
                ReadUnits();
            }
            else if (_bound.Contains(removed.Unit))
            {
                ReadUnits();
            }
            else if (_required.IsOfPattern(removed.Unit) && !_required.Contains(removed.Unit))
            {
                FindRequired();
            }
            else if (removed.Unit.EndsWith(".service", StringComparison.Ordinal) || removed.Unit.EndsWith(".scope", StringComparison.Ordinal))
            {
                // One that was started may be bound to the agent.
                FindStrays();
            }
        });
        manager.WatchReloadedAsync(() =>
        {
            _reloaded = true;
            FindStrays();
            FindRequired();
            ReadUnits();
        });
        manager.FollowAsync(
            there =>
            {
                _ownerUntold = false;
                if (there)
                {
                    if (!_there)
                    {
                        logger.BusFound();
                    }

                    _there = true;
                    manager.SubscribeAsync(static _ => { });
                    FindStrays();
                    FindRequired();
                    ReadUnits();
                }
                else
                {
                    _there = false;
                    _kept.Clear();
                    RetryAt = null;
                    logger.BusLost("systemd has left the bus");
                    dispatch(new SystemdLost(BusToo: false));
                }
            },
            cause =>
            {
                if (_manager == manager)
                {
                    _ownerUntold = true;
                    AskAgainAfter(cause);
                }
            });
    }

    /// <summary>The connection is gone; answers that still come from it say so themselves.</summary>
    public void Detach()
    {
        _manager = null;
        RetryAt = null;
    }

    /// <summary>What was due at <see cref="RetryAt"/>.</summary>
    public void AskAgain()
    {
        RetryAt = null;
        if (_ownerUntold)
        {
            _ownerUntold = false;
            _manager?.FollowAgainAsync();
            return;
        }

        if (_boundUntold)
        {
            FindStrays();
        }

        if (_requiredUntold)
        {
            FindRequired();
        }

        ReadUnits();
    }

    /// <summary>Reads the units now, or once more when a reading is under way.</summary>
    public void ReadUnits()
    {
        // Without its owner known no signal of systemd's is believed, and what is read is soon wrong.
        if (_manager is not { } manager || !_there || _ownerUntold)
        {
            return;
        }

        if (_reading)
        {
            _readAgain = true;
            return;
        }

        _reading = true;
        RetryAt = null;
        BusAnswer<IReadOnlyList<UnitListEntry>> rows = default;
        if (_stopping && _jobOver)
        {
            // It should be gone, and a job may wait to hear that: both are asked at once, and answered in this order.
            List(manager, answer => rows = answer);
            manager.HasProcessesAsync(Id, s_decidingTimeout, found => Read(manager, rows, found));
            return;
        }

        List(manager, answer =>
        {
            if (!_gone && answer.IsSuccess && UnitStrings.IsInactive(answer.Value[0]))
            {
                manager.HasProcessesAsync(answer.Value[0].Name, s_decidingTimeout, found => Read(manager, answer, found));
            }
            else
            {
                Read(manager, answer, new BusAnswer<bool>(BusAnswer.Success, false));
            }
        });
    }

    public void Start(long attempt)
    {
        if (_manager is not { } manager)
        {
            return;
        }

        if (permits.Grant(unit, Id) is { } cause)
        {
            dispatch(new UnitJobRefused(attempt, UnitRefusal.Other, $"the permit to start it could not be written: {cause}"));
            return;
        }

        _gone = false;
        _jobOver = false;
        Keep(manager, Id);
        manager.StartUnitAsync(Id, "fail", answer => Queued(attempt, answer));
    }

    public void Stop(long attempt)
    {
        if (_manager is not { } manager)
        {
            return;
        }

        _stopping = true;
        _stopAnswered = false;
        _jobOver = false;
        kernelKills.Heeded = true;
        manager.StopUnitAsync(Id, "replace", s_decidingTimeout, answer =>
        {
            if (answer.Outcome is not BusOutcome.NoReply)
            {
                _stopAnswered = true;
                Queued(attempt, answer);
            }
            else if (_manager == manager && _there)
            {
                Unanswered($"no answer to the stop of {unit}");
            }

            if (_group is { } group)
            {
                // The unit may have been started again since its group was found, which is another then, by the same name.
                kernelKills.Watch(group);
                killed.Remember(group);
            }
        });
    }

    /// <summary>Sends a signal to every process of the unit; one that has none left is what was wanted.</summary>
    public void Signal(bool kill) => Signal(Id, kill);

    /// <summary>Asks systemd which units are bound to the agent, and reads them with the others from then on.</summary>
    public void FindStrays()
    {
        if (_manager is not { } manager || !_there)
        {
            return;
        }

        manager.GetBoundByAsync(UnitPath.Of(AgentUnit), answer =>
        {
            if (_manager != manager)
            {
                return;
            }

            // An error: an agent that is no unit of systemd's has nothing bound to it.
            _boundUntold = answer.Outcome is BusOutcome.NoReply;
            if (_boundUntold)
            {
                AskAgainAfter("no answer about the units that are bound to hookagentd");
            }
            else if (answer.IsSuccess)
            {
                ImmutableArray<string> found = [.. answer.Value.Where(name => !_bound.Contains(name) && name != Id && name != unit && !_required.Contains(name))];
                _bound = _bound.AddRange(found);
                foreach (string name in found)
                {
                    Keep(manager, name);
                    Watch(manager, name);
                }

                if (!found.IsEmpty)
                {
                    ReadUnits();
                }
            }
        });
    }

    /// <summary>Asks systemd which units it has of RequireUnit='s patterns, and reads them with the others from then on.</summary>
    private void FindRequired()
    {
        if (_manager is not { } manager || !_there || _required.Patterns.Length == 0)
        {
            return;
        }

        manager.ListMatchingUnitsAsync(_required.Patterns, answer =>
        {
            if (_manager != manager || answer.Outcome is BusOutcome.Disconnected)
            {
                return;
            }

            _requiredUntold = !answer.IsSuccess;
            if (_requiredUntold)
            {
                AskAgainAfter($"no answer about the units of RequireUnit={requireUnit}: {answer.ErrorText}");
                return;
            }

            string[] found = _required.Find(answer.Value, Id);
            foreach (string name in found)
            {
                Keep(manager, name);
                Watch(manager, name);
            }

            if (found.Length > 0)
            {
                ReadUnits();
            }
        });
    }

    public void StopStray(string stray) => _manager?.StopUnitAsync(stray, "replace", s_decidingTimeout, answer =>
    {
        if (answer.Outcome is BusOutcome.Error or BusOutcome.NoReply)
        {
            logger.StrayNotStopped(stray, answer.ErrorText);
        }
    });

    public void KillStray(string stray) => Signal(stray, kill: true);

    public void Inspect()
    {
        if (_manager is not { } manager)
        {
            return;
        }

        string path = UnitPath.Of(Id);
        manager.GetConditionsAsync(path, conditions => manager.GetServiceExitAsync(path, exit =>
        {
            if (conditions.Outcome is not BusOutcome.Disconnected && exit.Outcome is not BusOutcome.Disconnected)
            {
                // A unit that was unloaded meanwhile tells nothing; it is taken to have met its conditions.
                dispatch(new UnitInspected(
                    !conditions.IsSuccess || conditions.Value.Met,
                    exit.IsSuccess ? UnitStrings.Ending(exit.Value) : exit.ErrorText)
                {
                    ConditionChecked = conditions.IsSuccess ? new ConditionStamp(conditions.Value.CheckedAt) : null,
                    Succeeded = exit is { IsSuccess: true, Value.Result: "success" },
                    Refused = exit is { IsSuccess: true, Value.Result: "exec-condition" },
                });
            }
        }));
    }

    private void Signal(string name, bool kill)
    {
        const int sigkill = 9;
        const int sigterm = 15;
        if (!kill)
        {
            Send(sigterm, "SIGTERM", "");
        }
        else if (name == Id && _group is { } known)
        {
            Send(sigkill, "SIGKILL", known);
        }
        else
        {
            _manager?.GetControlGroupAsync(name, answer => Send(sigkill, "SIGKILL", answer.IsSuccess ? answer.Value : ""));
        }

        void Send(int signal, string word, string killedGroup)
        {
            if (killedGroup.Length > 0)
            {
                killed.Remember(killedGroup);
            }

            _manager?.KillUnitAsync(name, "all", signal, reply =>
            {
                if (reply.Outcome is (BusOutcome.Error or BusOutcome.NoReply) && reply.ErrorName is not (SystemdErrors.NoSuchProcess or SystemdErrors.NoSuchUnit))
                {
                    logger.SignalRefused(name, word, reply.ErrorText);
                }

                if (killedGroup.Length > 0)
                {
                    killed.Hasten(killedGroup);
                }
            });
        }
    }

    /// <summary>Asks for the control group while nobody waits for the node; a job comes when it comes.</summary>
    private void FindGroup(SystemdManager manager)
    {
        if (_groupAsked)
        {
            return;
        }

        _groupAsked = true;
        manager.GetControlGroupAsync(Id, answer =>
        {
            if (_manager != manager)
            {
                return;
            }

            _groupAsked = false;
            if (!_gone && answer is { IsSuccess: true, Value: { Length: > 0 } group })
            {
                _group = group;
                kernelKills.Watch(group);
                if (_stopping)
                {
                    // What the kernel has killed meanwhile may be there still.
                    killed.Hasten(group);
                }
            }
        });
    }

    private void ForgetGroup()
    {
        if (_group is { } group)
        {
            kernelKills.Forget();
            killed.Forget(group);
            _group = null;
        }
    }

    /// <summary>A unit's state is another.</summary>
    private void Changed()
    {
        if (_stopping && !_jobOver)
        {
            // A reading now would be in the way of the one that finds it gone, for which a job may wait.
            RetryAt ??= BootTime.Now(clock) + s_onTheWay;
            return;
        }

        ReadUnits();
    }

    private void Watch(SystemdManager manager, string name)
    {
        if (_watched.Add(name))
        {
            manager.WatchUnitAsync(UnitPath.Of(name), Changed);
        }
    }

    private void List(SystemdManager manager, Action<BusAnswer<IReadOnlyList<UnitListEntry>>> done)
    {
        string[] required = _required.Names;
        _requiredAsked = required.Length;
        string[] names = [unit, AgentUnit, .. required, .. _bound];
        manager.ListUnitsAsync(
            names,
            answer => done(answer.IsSuccess && answer.Value.Count != names.Length
                ? new BusAnswer<IReadOnlyList<UnitListEntry>>(new BusAnswer(BusOutcome.Error, "", "systemd's list of units does not have it"), [])
                : answer),
            s_decidingTimeout);
    }

    private void Read(SystemdManager manager, BusAnswer<IReadOnlyList<UnitListEntry>> rows, BusAnswer<bool> processes)
    {
        if (_manager != manager)
        {
            return;
        }

        _reading = false;
        (BusOutcome outcome, string cause) = rows.IsSuccess ? (processes.Outcome, processes.ErrorText) : (rows.Outcome, rows.ErrorText);
        bool again = _readAgain;
        _readAgain = false;
        switch (outcome)
        {
            case BusOutcome.NoReply when _there:
                Unanswered($"no answer about the state of {unit}");
                break;
            case BusOutcome.Success when again && ++_overtaken >= MostOvertaken:
                _overtaken = 0;
                See(manager, rows.Value, processes.Value);
                ReadUnits();
                break;
            case var _ when again:
                ReadUnits();
                break;
            case BusOutcome.Success:
                _overtaken = 0;
                See(manager, rows.Value, processes.Value);
                break;
            case BusOutcome.Error when _there:
                // Not told is not seen, as if systemd were out of reach.
                dispatch(new SystemdLost(BusToo: false));
                AskAgainAfter(cause);
                break;
        }
    }

    /// <summary>
    /// Has systemd keep a unit loaded, once; one that is installed later is kept from when it is first seen. A reading of a
    /// unit that is not loaded loads it, which is signalled as a change, and is read again, and so on without an end. By its
    /// own name alone: systemd 247 ends itself when who has kept a unit by an alias leaves the bus.
    /// </summary>
    private void Keep(SystemdManager manager, string name)
    {
        if (_kept.Add(name))
        {
            manager.RefUnitAsync(name, reply =>
            {
                if (!reply.IsSuccess && _manager == manager)
                {
                    _kept.Remove(name);
                }
            });
        }
    }

    private void Queued(long attempt, BusAnswer<string> answer)
    {
        if (answer.IsSuccess)
        {
            dispatch(new UnitJobQueued(attempt, answer.Value));
            if (_jobOver)
            {
                // All that is signalled of it was heard before its path was known.
                ReadUnits();
            }
        }
        else if (answer.Outcome is not BusOutcome.Disconnected)
        {
            dispatch(new UnitJobRefused(
                attempt,
                UnitStrings.Refusal(answer.ErrorName),
                string.Create(CultureInfo.InvariantCulture, $"{answer.ErrorName}: {answer.ErrorText}")));
        }
    }

    /// <summary>systemd is on the bus and does not answer: it counts as out of reach until it does.</summary>
    private void Unanswered(string cause)
    {
        logger.BusLost(cause);
        dispatch(new SystemdLost(BusToo: false));
        ReadUnits();
    }

    /// <summary>Asks again later; the same cause is told once.</summary>
    private void AskAgainAfter(string cause)
    {
        if (cause != _untold)
        {
            logger.UnitsUntold(unit, cause);
        }

        _untold = cause;
        RetryAt = BootTime.Now(clock) + s_askAgainAfter;
    }

    private void See(SystemdManager manager, IReadOnlyList<UnitListEntry> rows, bool processes)
    {
        _untold = "";
        UnitListEntry provider = rows[0];
        UnitListEntry[] required = [.. rows.Skip(2).Take(_requiredAsked)];
        foreach (UnitListEntry row in rows)
        {
            // The signals of a unit that was asked for by an alias come under its own name.
            Watch(manager, row.Name);
            if (row.LoadState == "loaded" && row.Name != AgentUnit)
            {
                Keep(manager, row.Name);
            }
        }

        if (_ownName != provider.Name)
        {
            ForgetGroup();
        }

        _ownName = provider.Name;
        bool requiredUp = _required.See(required);
        UnitReading reading = UnitStrings.View(provider) with { ProcessesRemain = processes && UnitStrings.IsInactive(provider) };
        _gone = reading.Phase is UnitPhase.AtRest;

        // What runs although its stop was answered was started again by another, or its stop was refused.
        _stopping &= !_gone && !(_stopAnswered && reading.Phase is UnitPhase.Running);
        kernelKills.Heeded = _stopping;
        if (_gone)
        {
            ForgetGroup();
        }
        else if (_group is null && reading.Phase is not UnitPhase.StartQueued)
        {
            FindGroup(manager);
        }

        LookAfterProcesses(reading.Phase is UnitPhase.ProcessesRemain);

        // One that has ended is not asked for again, which would have systemd load it; its next start tells.
        _bound = [.. rows.Skip(2 + _requiredAsked).Where(row => row.Name != Id && !_required.Contains(row.Name) && !UnitStrings.IsInactive(row)).Select(row => row.Name)];
        dispatch(new UnitsSeen(
            reading,
            requiredUp,
            rows[1] is { JobType: "stop" or "restart" })
        {
            Strays = [.. _bound],
        });
        if (_reloaded)
        {
            _reloaded = false;
            dispatch(new UnitFilesReloaded());
        }
    }

    /// <summary>systemd tells nothing of the processes that remain of an inactive unit, so they are looked after.</summary>
    private void LookAfterProcesses(bool remain)
    {
        if (!remain)
        {
            _lookAfter = s_firstLookAfter;
            return;
        }

        RetryAt = BootTime.Now(clock) + _lookAfter;
        _lookAfter = _lookAfter * 2 < s_askAgainAfter ? _lookAfter * 2 : s_askAgainAfter;
    }
}
