using HookAgent.Daemon.Notify;
using HookAgent.Daemon.Tests.Harness;
using Microsoft.Extensions.Hosting.Systemd;

namespace HookAgent.Daemon.Tests.Notify;

/// <summary>By a clock that stands: that the loop feeds it when it is due, ServiceTests see.</summary>
public sealed class WatchdogTests
{
    [Fact]
    public void It_is_fed_twice_as_often_as_systemd_wants_to_hear_it()
    {
        SetTime clock = new();
        Told told = new();
        Watchdog watchdog = new(told, TimeSpan.FromSeconds(60), clock);
        Assert.Equal(clock.Boot + TimeSpan.FromSeconds(30), watchdog.Next);

        clock.Pass(TimeSpan.FromSeconds(31));
        watchdog.Feed();
        Assert.Equal(clock.Boot + TimeSpan.FromSeconds(30), watchdog.Next);
        Assert.Equal(ServiceStates.Watchdog, Assert.Single(told.States));
    }

    [Fact]
    public void It_is_never_due_where_systemd_does_not_ask() => Assert.Null(new Watchdog(new Told(), null, new SetTime()).Next);

    private sealed class Told : ISystemdNotifier
    {
        public List<ServiceState> States { get; } = [];

        public bool IsEnabled => true;

        public void Notify(ServiceState state) => States.Add(state);
    }
}
