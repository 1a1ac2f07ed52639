using HookAgent.Bus.Systemd;
using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Systemd;

public sealed class SystemdManagerTests : IDisposable
{
    private const string Good = "good.service";
    private const string Odd = @"odd\x2dname.service";

    private readonly PrivateBus _daemon = new();
    private readonly Child _systemd;
    private readonly BusConnection _bus;
    private readonly SystemdManager _manager;
    private readonly List<bool> _followed = [];

    public SystemdManagerTests()
    {
        _systemd = Systemd();
        _bus = _daemon.Open();
        _manager = new SystemdManager(_bus, TimeSpan.FromSeconds(15));
    }

    public void Dispose()
    {
        _bus.Dispose();
        _systemd.Dispose();
        _daemon.Dispose();
    }

    [Theory]
    [InlineData(Good)]
    [InlineData(Odd)]
    public void A_job_is_followed_from_its_queueing_to_its_end(string unit)
    {
        List<JobRemoved> removed = [];
        int changes = 0;
        Follow();
        _manager.WatchJobRemovedAsync(removed.Add);
        _manager.WatchUnitAsync(UnitPath.Of(unit), () => changes++);
        Subscribe();

        string started = Ask<string>(done => _manager.StartUnitAsync(unit, "replace", done)).Value;
        PollLoop.Until(() => removed.Exists(job => job.JobPath == started), _bus);

        // Those of another unit, and of another job of this unit, are told too: the path tells them apart.
        Assert.Equal(new JobRemoved(900, "/org/freedesktop/systemd1/job/900", "other.service", "failed"), removed[0]);
        Assert.Equal(new JobRemoved(901, "/org/freedesktop/systemd1/job/901", unit, "dependency"), removed[1]);
        Assert.Equal(new JobRemoved(1, started, unit, "done"), removed[2]);

        // Of two signals of the unit's, one is of its properties as a unit.
        Assert.Equal(1, changes);

        string stopped = Ask<string>(done => _manager.StopUnitAsync(unit, "replace", TimeSpan.FromSeconds(10), done)).Value;
        PollLoop.Until(() => removed.Exists(job => job.JobPath == stopped), _bus);
        Assert.Equal("canceled", removed[^1].Result);
        Assert.Equal(2, changes);
    }

    [Fact]
    public void Errors_of_systemd_are_told_apart()
    {
        Assert.Equal(SystemdErrors.NoSuchUnit, Start("missing.service", "replace").ErrorName);
        Assert.Equal(SystemdErrors.UnitMasked, Start("masked.service", "replace").ErrorName);
        BusAnswer<string> destructive = Start(Good, "fail");
        Assert.Equal(BusOutcome.Error, destructive.Outcome);
        Assert.Equal(SystemdErrors.TransactionIsDestructive, destructive.ErrorName);
        Assert.Equal("Transaction for good.service/start is destructive.", destructive.ErrorText);

        BusAnswer<string> Start(string unit, string mode) =>
            Ask<string>(done => _manager.StartUnitAsync(unit, mode, done));
    }

    [Fact]
    public void Units_are_listed_by_name_missing_ones_too()
    {
        IReadOnlyList<UnitListEntry> rows =
            Ask<IReadOnlyList<UnitListEntry>>(done => _manager.ListUnitsAsync([Good, "missing.service"], done)).Value;
        Assert.Equal(
            [
                new UnitListEntry(Good, "loaded", "inactive", "dead", UnitPath.Of(Good), 0, "", "/"),
                new UnitListEntry(
                    "missing.service", "not-found", "inactive", "dead", "/org/freedesktop/systemd1/unit/x", 0, "", "/"),
            ],
            rows);
        Assert.Empty(Ask<IReadOnlyList<UnitListEntry>>(done => _manager.ListUnitsAsync([], done)).Value);
    }

    [Fact]
    public void The_end_of_a_run_and_its_conditions_are_read()
    {
        string good = UnitPath.Of(Good);
        string odd = UnitPath.Of(Odd);
        Assert.Equal(new UnitConditions(1234567, true), Ask<UnitConditions>(done => _manager.GetConditionsAsync(good, done)).Value);
        Assert.Equal(new UnitConditions(0, false), Ask<UnitConditions>(done => _manager.GetConditionsAsync(odd, done)).Value);
        Assert.Equal(BusOutcome.Error, Ask<UnitConditions>(done => _manager.GetConditionsAsync("/nowhere", done)).Outcome);

        Assert.Equal(
            new ServiceExit("exit-code", 1, 143),
            Ask<ServiceExit>(done => _manager.GetServiceExitAsync(good, done)).Value);
        Assert.Equal(
            BusErrorNames.UnknownProperty,
            Ask<ServiceExit>(done => _manager.GetServiceExitAsync(odd, done)).ErrorName);
    }

    [Fact]
    public void What_is_in_a_control_group_and_what_is_bound_to_a_unit_is_read()
    {
        Assert.Equal(new BusAnswer<bool>(BusAnswer.Success, true), Processes(Good));
        Assert.Equal(new BusAnswer<bool>(BusAnswer.Success, false), Processes(Odd));
        Assert.Equal(new BusAnswer<bool>(BusAnswer.Success, false), Processes("missing.service"));
        Assert.Equal(["stray.service", "hookagentd.service"], Ask<IReadOnlyList<string>>(done => _manager.GetBoundByAsync(UnitPath.Of(Good), done)).Value);
        Assert.Empty(Ask<IReadOnlyList<string>>(done => _manager.GetBoundByAsync(UnitPath.Of(Odd), done)).Value);

        BusAnswer<bool> Processes(string unit) => Ask<bool>(done => _manager.HasProcessesAsync(unit, TimeSpan.FromSeconds(15), done));
    }

    [Fact]
    public void A_signal_is_sent_to_the_unit()
    {
        string? error = null;
        _manager.KillUnitAsync(Good, "main", 15, reply => error = reply.ErrorName);
        PollLoop.Until(() => error is not null, _bus);
        Assert.Equal(SystemdErrors.NoSuchProcess, error);

        Ask<string>(done => _manager.StartUnitAsync(Good, "replace", done));
        PollLoop.Until(
            () => Ask<IReadOnlyList<UnitListEntry>>(done => _manager.ListUnitsAsync([Good], done)).Value[0].JobId == 0,
            _bus);
        error = null;
        _manager.KillUnitAsync(Good, "all", 9, reply => error = reply.ErrorName);
        PollLoop.Until(() => error is not null, _bus);
        Assert.Equal("", error);
        Assert.Equal("kill good.service all 9", _systemd.ReadLine());
    }

    [Fact]
    public void A_new_systemd_is_told_and_an_old_one_is_no_longer_believed()
    {
        Follow();
        _systemd.Kill();
        PollLoop.Until(() => _followed.Count == 2, _bus);
        using Child next = Systemd();
        PollLoop.Until(() => _followed.Count == 3, _bus);
        Assert.Equal([true, false, true], _followed);
    }

    [Fact]
    public void The_end_of_a_reload_is_told_not_its_beginning()
    {
        int reloaded = 0;
        Follow();
        _manager.WatchReloadedAsync(() => reloaded++);
        Subscribe();
        for (int times = 1; times <= 2; times++)
        {
            BusCall call = new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, "Reload");
            bool answered = false;
            _bus.CallAsync(call, TimeSpan.FromSeconds(15), reply => answered = reply.IsSuccess);

            // The signals of a reload come before its answer.
            PollLoop.Until(() => answered, _bus);
            Assert.Equal(times, reloaded);
        }
    }

    [Fact]
    public void A_signal_that_only_says_it_is_systemd_s_is_not_believed()
    {
        using Peer liar = new(_daemon, "test.liar");
        List<JobRemoved> removed = [];
        int changes = 0;
        int arrived = 0;
        Follow();
        _manager.WatchJobRemovedAsync(removed.Add);
        _manager.WatchUnitAsync(UnitPath.Of(Good), () => changes++);
        _bus.MatchSignalAsync(new SignalMatch { Sender = liar.UniqueName }, _ => arrived++);
        Subscribe();

        liar.Tell($"signal {_bus.UniqueName} /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager JobRemoved"
            + $" uoss (1,'/org/freedesktop/systemd1/job/1','{Good}','done')");
        liar.Tell($"signal {_bus.UniqueName} {UnitPath.Of(Good)} org.freedesktop.DBus.Properties PropertiesChanged"
            + " sa{sv}as ('org.freedesktop.systemd1.Unit',{'ActiveState':'inactive'},[])");
        PollLoop.Until(() => arrived == 2, _bus);

        Assert.Empty(removed);
        Assert.Equal(0, changes);
    }

    private Child Systemd()
    {
        Child systemd = Child.Peer("systemd.py", _daemon.Address);
        Assert.StartsWith("ready", systemd.ReadLine(), StringComparison.Ordinal);
        return systemd;
    }

    private void Follow()
    {
        _manager.FollowAsync(_followed.Add);
        PollLoop.Until(() => _followed.Count == 1, _bus);
        Assert.Equal([true], _followed);
    }

    private void Subscribe()
    {
        bool subscribed = false;
        _manager.SubscribeAsync(reply => subscribed = reply.IsSuccess);
        PollLoop.Until(() => subscribed, _bus);
        Assert.Equal("subscribed", _systemd.ReadLine());
    }

    private BusAnswer<T> Ask<T>(Action<Action<BusAnswer<T>>> ask)
    {
        BusAnswer<T>? got = null;
        ask(answer => got = answer);
        PollLoop.Until(() => got is not null, _bus);
        return got!.Value;
    }
}
