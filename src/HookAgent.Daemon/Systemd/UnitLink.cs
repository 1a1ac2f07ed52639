using System.Globalization;
using HookAgent.Bus.Sd;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Systemd;

/// <summary>
/// The machine's hands and eyes on systemd: carries calls out on whatever connection there is, and brings back
/// events. systemd's signals only say that something changed; the units are then read again, in one call for
/// all of them, and an answer that something has overtaken is thrown away.
/// </summary>
internal sealed class UnitLink(
    string unit, string? requiredUnit, Action<NodeEvent> dispatch, TimeProvider clock, ILogger logger)
{
    /// <summary>The daemon's own unit, whose queued stop explains the provider's.</summary>
    private const string AgentUnit = "hookagentd.service";

    /// <summary>systemd answers at once but for a daemon-reload, which can take many seconds on a large node.</summary>
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// A stop is asked for when a job has come. If nothing is heard for so long, because the bus hangs or systemd
    /// does, systemd counts as out of reach, and the agent's end has the provider stopped before the watchdog of an
    /// agent that hangs itself would.
    /// </summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string[] _names = requiredUnit is null ? [unit, AgentUnit] : [unit, AgentUnit, requiredUnit];
    private SystemdManager? _manager;
    private bool _there;
    private bool _kept;
    private bool _reading;
    private bool _readAgain;

    /// <summary>systemd has read its unit files again, and the units were not read since.</summary>
    private bool _reloaded;
    private string _untold = "";

    /// <summary>When <see cref="ReadUnits"/> is to be tried again; null when nothing failed.</summary>
    public BootTime? RetryAt { get; private set; }

    /// <summary>Begins to follow systemd over a connection that is ours alone to use.</summary>
    public void Attach(BusConnection connection)
    {
        SystemdManager manager = new(connection, s_callTimeout);
        _manager = manager;
        _there = true;
        _kept = false;
        _reading = false;
        _readAgain = false;
        manager.WatchUnitAsync(UnitPath.Of(unit), _ => ReadUnits());
        if (requiredUnit is not null)
        {
            manager.WatchUnitAsync(UnitPath.Of(requiredUnit), _ => ReadUnits());
        }

        manager.WatchJobRemovedAsync(unit, removed =>
        {
            dispatch(new UnitJobRemoved(removed.JobPath, UnitWords.Result(removed.Result)));
            ReadUnits();
        });
        manager.WatchReloadedAsync(() =>
        {
            _reloaded = true;
            ReadUnits();
        });
        manager.FollowAsync(there =>
        {
            if (there)
            {
                if (!_there)
                {
                    logger.BusFound();
                }

                _there = true;
                manager.SubscribeAsync(static _ => { });
                Keep(manager);
                ReadUnits();
            }
            else
            {
                _there = false;
                _kept = false;
                RetryAt = null;
                logger.BusLost("systemd has left the bus");
                dispatch(new SystemdLost(BusToo: false));
            }
        });
    }

    /// <summary>The connection is gone; answers that still come from it say so themselves.</summary>
    public void Detach()
    {
        _manager = null;
        RetryAt = null;
    }

    /// <summary>Reads the units now, or once more when a reading is under way.</summary>
    public void ReadUnits()
    {
        if (_manager is not { } manager || !_there)
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
        manager.ListUnitsAsync(_names, answer =>
        {
            if (_manager != manager)
            {
                return;
            }

            _reading = false;
            if (_readAgain)
            {
                _readAgain = false;
                ReadUnits();
            }
            else if (answer.IsSuccess)
            {
                See(answer.Value);
            }
            else if (_there && answer.Outcome is not BusOutcome.Disconnected)
            {
                Untold(answer.ErrorText);
            }
        });
    }

    public void Start(long attempt)
    {
        if (_manager is { } manager)
        {
            Keep(manager);
            manager.StartUnitAsync(unit, "fail", answer => Queued(attempt, answer));
        }
    }

    public void Stop(long attempt)
    {
        if (_manager is not { } manager)
        {
            return;
        }

        manager.StopUnitAsync(unit, "replace", s_stopTimeout, answer =>
        {
            if (answer.Outcome is not BusOutcome.NoReply)
            {
                Queued(attempt, answer);
            }
            else if (_manager == manager && _there)
            {
                logger.BusLost($"no answer to the stop of {unit}");
                dispatch(new SystemdLost(BusToo: false));
                ReadUnits();
            }
        });
    }

    /// <summary>Sends a signal to every process of the unit; one that has none left is what was wanted.</summary>
    public void Signal(bool kill)
    {
        const int sigkill = 9;
        const int sigterm = 15;
        _manager?.KillUnitAsync(unit, "all", kill ? sigkill : sigterm, reply =>
        {
            if (reply.Outcome is BusOutcome.Error or BusOutcome.NoReply && reply.ErrorName != SystemdErrors.NoSuchProcess)
            {
                logger.SignalRefused(unit, kill ? "SIGKILL" : "SIGTERM", reply.ErrorText);
            }
        });
    }

    public void Inspect()
    {
        if (_manager is not { } manager)
        {
            return;
        }

        string path = UnitPath.Of(unit);
        manager.GetConditionResultAsync(path, condition => manager.GetServiceExitAsync(path, exit =>
        {
            if (condition.Outcome is not BusOutcome.Disconnected && exit.Outcome is not BusOutcome.Disconnected)
            {
                // A unit that was unloaded meanwhile tells nothing; it is taken to have met its conditions.
                dispatch(new UnitInspected(
                    !condition.IsSuccess || condition.Value,
                    exit.IsSuccess ? UnitWords.Ending(exit.Value) : exit.ErrorText));
            }
        }));
    }

    /// <summary>Has systemd keep the unit, once; a unit that is installed later is kept from its first start on.</summary>
    private void Keep(SystemdManager manager)
    {
        if (!_kept)
        {
            manager.RefUnitAsync(unit, reply => _kept |= reply.IsSuccess && _manager == manager && _there);
        }
    }

    private void Queued(long attempt, BusAnswer<string> answer)
    {
        if (answer.IsSuccess)
        {
            dispatch(new UnitJobQueued(attempt, answer.Value));

            // The job may be over, with all that is signalled of it heard before its path was known.
            ReadUnits();
        }
        else if (answer.Outcome is not BusOutcome.Disconnected)
        {
            dispatch(new UnitJobRefused(
                attempt,
                UnitWords.Refusal(answer.ErrorName),
                string.Create(CultureInfo.InvariantCulture, $"{answer.ErrorName}: {answer.ErrorText}")));
        }
    }

    /// <summary>Asks again later; the same cause is told once.</summary>
    private void Untold(string cause)
    {
        if (cause != _untold)
        {
            logger.UnitsUntold(unit, cause);
        }

        _untold = cause;
        RetryAt = BootTime.Now(clock) + s_askAgainAfter;
    }

    private void See(IReadOnlyList<UnitRow> rows)
    {
        UnitRow? agent = rows.FirstOrDefault(row => row.Name == AgentUnit);
        UnitRow? required = requiredUnit is null ? null : rows.FirstOrDefault(row => row.Name == requiredUnit);
        UnitRow? provider = rows.FirstOrDefault(row => row.Name == unit);
        if (provider is null)
        {
            // The rows are in the order of the names, and an alias is told, and signalled, by its main name.
            Untold(rows.Count == _names.Length
                ? $"it is an alias of {rows[0].Name}, which Unit= must name"
                : "systemd's list of units does not have it");
            return;
        }

        _untold = "";

        dispatch(new UnitsSeen(
            UnitWords.View(provider),
            requiredUnit is null || (required is not null && UnitWords.IsUp(required)),
            agent is { JobType: "stop" or "restart" }));
        if (_reloaded)
        {
            _reloaded = false;
            dispatch(new UnitFilesReloaded());
        }
    }
}
