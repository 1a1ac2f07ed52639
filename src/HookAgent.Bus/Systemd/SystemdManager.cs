using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Systemd;

/// <summary>
/// What this project asks of systemd (org.freedesktop.systemd1(5)), asynchronously: each callback runs once,
/// in a later <see cref="BusConnection.Process"/>. <paramref name="timeout"/> is for each answer; systemd
/// answers at once, but not during a daemon-reload, which can take seconds.
/// </summary>
public sealed class SystemdManager(BusConnection bus, TimeSpan timeout)
{
    /// <summary>systemd's unique name; "" while the name has no owner, null until we know.</summary>
    private string? _owner;

    private Action<string> _followed = static _ => { };
    private Action<BusReply> _untold = static _ => { };

    /// <summary>
    /// Follows who systemd is on the bus. <paramref name="changed"/> gets true for each new one: subscribe,
    /// and read everything again; false while there is none. Until then no signal of systemd's is believed.
    /// </summary>
    /// <param name="untold">The bus did not say who systemd is, and why: call <see cref="FollowAgainAsync"/>.</param>
    public void FollowAsync(Action<bool> changed, Action<string>? untold = null)
    {
        _followed = owner =>
        {
            if (owner != _owner)
            {
                _owner = owner;
                changed(owner.Length > 0);
            }
        };
        _untold = reply => untold?.Invoke(reply.ErrorText);
        bus.WatchOwnerAsync(SystemdNames.BusName, _followed, _untold);
    }

    /// <summary>Asks the bus once more who systemd is; what comes of it goes where <see cref="FollowAsync"/> was told.</summary>
    public void FollowAgainAsync() => bus.QueryOwnerAsync(SystemdNames.BusName, _followed, _untold);

    /// <summary>Asks systemd for its signals: without it there are none. Needed anew with each owner.</summary>
    public void SubscribeAsync(Action<BusReply> done)
    {
        using BusMessage call = NewManagerCall("Subscribe");
        bus.CallAsync(call, timeout, done);
    }

    /// <summary>
    /// Keeps a unit loaded as long as this connection lasts. Without that systemd forgets one that is inactive, and with
    /// it how it ended and whether its conditions were met: read afterwards, both are those of a unit that never ran.
    /// </summary>
    public void RefUnitAsync(string unit, Action<BusReply> done)
    {
        using BusMessage call = NewManagerCall("RefUnit");
        call.WriteString(unit);
        bus.CallAsync(call, timeout, done);
    }

    /// <summary>
    /// Queues a start; answers with the path of the job, or an error of <see cref="SystemdErrors"/>.
    /// <paramref name="mode"/>: "replace", "fail", …
    /// </summary>
    public void StartUnitAsync(string unit, string mode, Action<BusAnswer<string>> done) =>
        QueueJob("StartUnit", unit, mode, timeout, done);

    /// <summary>Queues a stop, as <see cref="StartUnitAsync"/>; the caller says how long the answer may take.</summary>
    public void StopUnitAsync(string unit, string mode, TimeSpan patience, Action<BusAnswer<string>> done) =>
        QueueJob("StopUnit", unit, mode, patience, done);

    /// <summary>Sends a signal to processes of a unit. <paramref name="who"/>: "main", "control" or "all".</summary>
    public void KillUnitAsync(string unit, string who, int signal, Action<BusReply> done)
    {
        using BusMessage call = NewManagerCall("KillUnit");
        call.WriteString(unit).WriteString(who).WriteInt32(signal);
        bus.CallAsync(call, timeout, done);
    }

    /// <summary>
    /// Asks for the state of units, by their names, in one answer. The rows are in the order of the names; one asked for
    /// by an alias has the unit's own name (systemd 247 to 262).
    /// </summary>
    public void ListUnitsAsync(IEnumerable<string> units, Action<BusAnswer<IReadOnlyList<UnitRow>>> done, TimeSpan? patience = null)
    {
        using BusMessage call = NewManagerCall("ListUnitsByNames");
        call.WriteStringArray(units);
        bus.CallAsync(
            call,
            patience ?? timeout,
            reply => done(BusAnswer<IReadOnlyList<UnitRow>>.From(reply, UnitRow.TryReadAll)));
    }

    /// <summary>
    /// Whether the unit's control group has any process. A unit that is not loaded has none: systemd forgets no unit
    /// with a process.
    /// </summary>
    public void HasProcessesAsync(string unit, TimeSpan patience, Action<BusAnswer<bool>> done)
    {
        using BusMessage call = NewManagerCall("GetUnitProcesses");
        call.WriteString(unit);
        bus.CallAsync(call, patience, reply => done(reply.ErrorName is SystemdErrors.NoSuchUnit
            ? new BusAnswer<bool>(BusOutcome.Success, false, "", "")
            : BusAnswer<bool>.From(reply, static (BusMessage message, out bool any) => message.TryReadAny("(sus)", out any))));
    }

    /// <summary>The loaded units that are bound to a unit (BindsTo=).</summary>
    public void GetBoundByAsync(string unitPath, Action<BusAnswer<List<string>>> done) =>
        GetProperty(unitPath, SystemdNames.UnitInterface, "BoundBy", ReadStrings, done);

    /// <summary>When the unit's conditions were last checked, in microseconds of CLOCK_MONOTONIC; 0 if they never were.</summary>
    public void GetConditionTimestampAsync(string unitPath, Action<BusAnswer<ulong>> done) =>
        GetProperty(unitPath, SystemdNames.UnitInterface, "ConditionTimestampMonotonic", ReadUInt64, done);

    /// <summary>Whether the unit's conditions were met when it was last started; false if it never was.</summary>
    public void GetConditionResultAsync(string unitPath, Action<BusAnswer<bool>> done) =>
        GetProperty(unitPath, SystemdNames.UnitInterface, "ConditionResult", ReadBool, done);

    /// <summary>How the service's last run ended.</summary>
    public void GetServiceExitAsync(string unitPath, Action<BusAnswer<ServiceExit>> done)
    {
        // One property after the other: GetAll would read some twenty files of the unit's cgroup as well.
        Get<string>("Result", ReadString, result =>
            Get<int>("ExecMainCode", ReadInt32, code =>
                Get<int>("ExecMainStatus", ReadInt32, status =>
                    done(new BusAnswer<ServiceExit>(
                        BusOutcome.Success, new ServiceExit(result, code, status), "", "")))));

        void Get<T>(string name, BusReplyReader<T> reader, Action<T> next) =>
            GetProperty(unitPath, SystemdNames.ServiceInterface, name, reader, answer =>
            {
                if (answer.IsSuccess)
                {
                    next(answer.Value);
                }
                else
                {
                    done(new BusAnswer<ServiceExit>(answer.Outcome, null!, answer.ErrorName, answer.ErrorText));
                }
            });
    }

    /// <summary>
    /// Hears when systemd is done with a job of any unit. Install it before the job is queued, and compare
    /// the job's path. Needs <see cref="FollowAsync"/>.
    /// </summary>
    public BusSubscription WatchJobRemovedAsync(
        Action<JobRemoved> removed,
        Action<BusReply>? installed = null) =>
        bus.MatchSignalAsync(
            // Not by the unit's name, the third argument: see MatchRule.Argument. The first is a number.
            new MatchRule()
                .Sender(SystemdNames.BusName)
                .Path(SystemdNames.ManagerPath)
                .Interface(SystemdNames.ManagerInterface)
                .Member("JobRemoved"),
            signal =>
            {
                if (IsFromSystemd(signal) && JobRemoved.TryRead(signal) is { } job)
                {
                    removed(job);
                }
            },
            installed);

    /// <summary>Hears of each change of the unit's states. Needs <see cref="FollowAsync"/>.</summary>
    public BusSubscription WatchUnitAsync(
        string unitPath,
        Action<UnitChange> changed,
        Action<BusReply>? installed = null) =>
        bus.MatchSignalAsync(
            new MatchRule()
                .Sender(SystemdNames.BusName)
                .Path(unitPath)
                .Interface(NodeContract.PropertiesInterface)
                .Member("PropertiesChanged")
                .Argument(0, SystemdNames.UnitInterface),
            signal =>
            {
                if (IsFromSystemd(signal) && UnitChange.TryRead(signal) is { } change)
                {
                    changed(change);
                }
            },
            installed);

    /// <summary>Hears that a daemon-reload is over: a unit's file may be another now. Needs <see cref="FollowAsync"/>.</summary>
    public BusSubscription WatchReloadedAsync(Action reloaded) =>
        bus.MatchSignalAsync(
            new MatchRule()
                .Sender(SystemdNames.BusName)
                .Path(SystemdNames.ManagerPath)
                .Interface(SystemdNames.ManagerInterface)
                .Member("Reloading"),
            signal =>
            {
                if (IsFromSystemd(signal) && signal.TryReadBool(out bool begins) && !begins)
                {
                    reloaded();
                }
            });

    private static bool ReadBool(BusMessage reply, out bool value) => reply.TryReadVariantBool(out value);

    private static bool ReadInt32(BusMessage reply, out int value) => reply.TryReadVariantInt32(out value);

    private static bool ReadUInt64(BusMessage reply, out ulong value) => reply.TryReadVariantUInt64(out value);

    private static bool ReadStrings(BusMessage reply, out List<string> value)
    {
        bool read = reply.TryReadVariantStringArray(out List<string>? texts);
        value = texts ?? [];
        return read;
    }

    private static bool ReadString(BusMessage reply, out string value)
    {
        bool read = reply.TryReadVariantString(out string? text);
        value = text ?? "";
        return read;
    }

    private static bool ReadObjectPath(BusMessage reply, out string value)
    {
        bool read = reply.TryReadObjectPath(out string? path);
        value = path ?? "";
        return read;
    }

    /// <summary>Anybody may send us a signal that says it is systemd's; only the bus's word on the sender counts.</summary>
    private bool IsFromSystemd(BusMessage signal) => _owner is not null && signal.Sender == _owner;

    private void QueueJob(string method, string unit, string mode, TimeSpan patience, Action<BusAnswer<string>> done)
    {
        using BusMessage call = NewManagerCall(method);
        call.WriteString(unit).WriteString(mode);
        bus.CallAsync(call, patience, reply => done(BusAnswer<string>.From(reply, ReadObjectPath)));
    }

    private void GetProperty<T>(
        string path,
        string interfaceName,
        string property,
        BusReplyReader<T> reader,
        Action<BusAnswer<T>> done)
    {
        using BusMessage call = bus.NewCall(SystemdNames.BusName, path, NodeContract.PropertiesInterface, "Get");
        call.WriteString(interfaceName).WriteString(property);
        bus.CallAsync(call, timeout, reply => done(BusAnswer<T>.From(reply, reader)));
    }

    private BusMessage NewManagerCall(string method) =>
        bus.NewCall(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, method);
}
