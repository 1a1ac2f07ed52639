using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

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
    private Action<BusAnswer> _untold = static _ => { };

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
    public void SubscribeAsync(Action<BusAnswer> done) => bus.CallAsync(ManagerCall("Subscribe"), timeout, done);

    /// <summary>
    /// Keeps a unit loaded as long as this connection lasts. Without that systemd forgets one that is inactive, and with
    /// it how it ended and whether its conditions were met: read afterwards, both are those of a unit that never ran.
    /// </summary>
    public void RefUnitAsync(string unit, Action<BusAnswer> done) => bus.CallAsync(UnitCall("RefUnit", unit), timeout, done);

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
    public void KillUnitAsync(string unit, string who, int signal, Action<BusAnswer> done) => bus.CallAsync(
        ManagerCall("KillUnit", "ssi", (ref MessageWriter body) =>
        {
            body.WriteString(unit);
            body.WriteString(who);
            body.WriteInt32(signal);
        }),
        timeout,
        done);

    /// <summary>
    /// Asks for the state of units, by their names, in one answer. The rows are in the order of the names; one asked for
    /// by an alias has the unit's own name (systemd 247 to 262).
    /// </summary>
    public void ListUnitsAsync(string[] units, Action<BusAnswer<IReadOnlyList<UnitListEntry>>> done, TimeSpan? patience = null) =>
        bus.CallAsync<IReadOnlyList<UnitListEntry>>(
            ManagerCall("ListUnitsByNames", "as", (ref MessageWriter body) => body.WriteArray(units)),
            patience ?? timeout,
            UnitListEntry.TryReadAll,
            done);

    /// <summary>The units of <see cref="ManagerCalls.ListMatchingUnits"/>.</summary>
    public void ListMatchingUnitsAsync(string[] patterns, Action<BusAnswer<IReadOnlyList<UnitListEntry>>> done) =>
        bus.CallAsync<IReadOnlyList<UnitListEntry>>(ManagerCalls.ListMatchingUnits(patterns), timeout, UnitListEntry.TryReadAll, done);

    /// <summary>
    /// Whether the unit's control group has any process. A unit that is not loaded has none: systemd forgets no unit
    /// with a process.
    /// </summary>
    public void HasProcessesAsync(string unit, TimeSpan patience, Action<BusAnswer<bool>> done) => bus.CallAsync<bool>(
        UnitCall("GetUnitProcesses", unit),
        patience,
        ReadAnyProcess,
        answer => done(answer.ErrorName is SystemdErrors.NoSuchUnit ? new BusAnswer<bool>(BusAnswer.Success, false) : answer));

    /// <summary>The loaded units that are bound to a unit (BindsTo=).</summary>
    public void GetBoundByAsync(string unitPath, Action<BusAnswer<IReadOnlyList<string>>> done) =>
        GetProperties(unitPath, SystemdNames.UnitInterface, ["BoundBy"], answer => done(Of(answer, answer.Value?.Texts("BoundBy"))));

    /// <summary>When the unit's conditions were last checked, and whether they were met; null where systemd does not say.</summary>
    public void GetConditionsAsync(string unitPath, Action<BusAnswer<UnitConditions>> done) => GetProperties(
        unitPath,
        SystemdNames.UnitInterface,
        ["ConditionTimestampMonotonic", "ConditionResult"],
        answer => done(Of(answer, answer.Value is { } read && read.Number("ConditionTimestampMonotonic") is { } checkedAt && read.Flag("ConditionResult") is { } met
            ? new UnitConditions(checkedAt, met)
            : null)));

    /// <summary>The control group of a service or scope, from the root of systemd's; "" while it has none.</summary>
    public void GetControlGroupAsync(string unit, Action<BusAnswer<string>> done) => GetProperties(
        UnitPath.Of(unit),
        unit.EndsWith(".scope", StringComparison.Ordinal) ? SystemdNames.ScopeInterface : SystemdNames.ServiceInterface,
        ["ControlGroup"],
        answer => done(Of(answer, answer.Value?.Text("ControlGroup"))));

    /// <summary>How the service's last run ended.</summary>
    public void GetServiceExitAsync(string unitPath, Action<BusAnswer<ServiceExit>> done) => GetProperties(
        unitPath,
        SystemdNames.ServiceInterface,
        ["Result", "ExecMainCode", "ExecMainStatus"],
        answer => done(Of(answer, answer.Value is { } read && read.Text("Result") is { } result && read.SmallNumber("ExecMainCode") is { } code
            && read.SmallNumber("ExecMainStatus") is { } status
            ? new ServiceExit(result, code, status)
            : null)));

    /// <summary>
    /// Hears when systemd is done with a job of any unit. Install it before the job is queued, and compare
    /// the job's path. Needs <see cref="FollowAsync"/>.
    /// </summary>
    public void WatchJobRemovedAsync(Action<JobRemoved> removed, Action<BusAnswer>? installed = null) => bus.MatchSignalAsync(
        FromManager("JobRemoved"),
        signal =>
        {
            if (IsFromSystemd(signal) && JobRemoved.TryRead(signal) is { } job)
            {
                removed(job);
            }
        },
        installed);

    /// <summary>Hears of each change of the unit's states. Needs <see cref="FollowAsync"/>.</summary>
    public void WatchUnitAsync(string unitPath, Action changed, Action<BusAnswer>? installed = null) => bus.MatchSignalAsync(
        new SignalMatch
        {
            Sender = SystemdNames.BusName,
            Path = unitPath,
            Interface = NodeContract.PropertiesInterface,
            Member = "PropertiesChanged",
            Argument = SystemdNames.UnitInterface,
        },
        signal =>
        {
            if (IsFromSystemd(signal))
            {
                changed();
            }
        },
        installed);

    /// <summary>Hears that a daemon-reload is over: a unit's file may be another now. Needs <see cref="FollowAsync"/>.</summary>
    public void WatchReloadedAsync(Action reloaded) => bus.MatchSignalAsync(
        FromManager("Reloading"),
        signal =>
        {
            if (IsFromSystemd(signal) && signal.SignatureAsString == "b" && !signal.GetBodyReader().ReadBool())
            {
                reloaded();
            }
        });

    private static SignalMatch FromManager(string member) => new()
    {
        Sender = SystemdNames.BusName,
        Path = SystemdNames.ManagerPath,
        Interface = SystemdNames.ManagerInterface,
        Member = member,
    };

    /// <summary>An a(sus): the control group, the process id and the command line of each.</summary>
    private static bool ReadAnyProcess(Message reply, out bool any)
    {
        bool fits = reply.SignatureAsString == "a(sus)";
        Reader body = reply.GetBodyReader();
        any = fits && body.HasNext(body.ReadArrayStart(DBusType.Struct));
        return fits;
    }

    /// <summary>What was read of an answer; an error where that is nothing.</summary>
    private static BusAnswer<T> Of<T>(BusAnswer<BusProperties?> answer, T? read)
        where T : class =>
        new(answer.IsSuccess && read is null ? BusAnswer.OfShape("no such property") : answer.How, read!);

    /// <summary>Anybody may send us a signal that says it is systemd's; only the bus's word on the sender counts.</summary>
    private bool IsFromSystemd(Message signal) => _owner is not null && signal.SenderAsString == _owner;

    private void QueueJob(string method, string unit, string mode, TimeSpan patience, Action<BusAnswer<string>> done) => bus.CallAsync<string>(
        ManagerCall(method, "ss", (ref MessageWriter body) =>
        {
            body.WriteString(unit);
            body.WriteString(mode);
        }),
        patience,
        BodyReaders.ObjectPath,
        done);

    /// <summary>
    /// Reads a few properties, each by a call of its own, all sent at once: GetAll would read some twenty files of the
    /// unit's control group as well. The first error is the answer.
    /// </summary>
    private void GetProperties(string path, string interfaceName, string[] names, Action<BusAnswer<BusProperties?>> done)
    {
        Dictionary<string, VariantValue> read = [];
        BusAnswer how = BusAnswer.Success;
        int missing = names.Length;
        foreach (string name in names)
        {
            bus.CallAsync<VariantValue>(
                new BusCall(SystemdNames.BusName, path, NodeContract.PropertiesInterface, "Get", "ss", (ref MessageWriter body) =>
                {
                    body.WriteString(interfaceName);
                    body.WriteString(name);
                }),
                timeout,
                BodyReaders.Variant,
                answer =>
                {
                    read[name] = answer.Value;
                    how = how.IsSuccess ? answer.How : how;
                    if (--missing == 0)
                    {
                        done(new BusAnswer<BusProperties?>(how, how.IsSuccess ? new BusProperties(read) : null));
                    }
                });
        }
    }

    private static BusCall ManagerCall(string method, string signature = "", BodyWriter? write = null) =>
        new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, method, signature, write);

    private static BusCall UnitCall(string method, string unit) =>
        BusCall.WithText(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, method, unit);
}

/// <summary>When a unit's conditions were last checked, in microseconds of CLOCK_MONOTONIC, and whether they were met; 0 and false if they never were.</summary>
public sealed record UnitConditions(ulong CheckedAt, bool Met);
