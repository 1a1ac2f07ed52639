using System.Collections.Concurrent;
using HookAgent.Core.Settings;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Notify;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Moq;
using Serilog;
using Serilog.Core;

namespace HookAgent.Daemon.Tests.Notify;

/// <summary>What systemd hears over the life of the daemon, which runs here inside the test, without a bus.</summary>
public sealed class ServiceLifetimeTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly BlockingCollection<string> _told = [];
    private readonly Mock<ISystemdNotifier> _notifier = new();

    public ServiceLifetimeTests()
    {
        foreach (string folder in (string[])["run/jobs", "state", "proc", "root"])
        {
            Directory.CreateDirectory(_folder[folder]);
        }

        _notifier.SetupGet(notifier => notifier.IsEnabled).Returns(true);
        _notifier.Setup(notifier => notifier.Notify(It.IsAny<ServiceState>())).Callback((ServiceState state) => _told.Add(state.ToString().Split('\n')[0]));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", null);
        _folder.Dispose();
    }

    [Fact]
    public void Ready_comes_first_a_reload_ends_with_it_and_stopping_comes_last()
    {
        using Daemon daemon = Start();
        Assert.Equal("READY=1", Next());
        Assert.StartsWith("STATUS=unknown", Next(), StringComparison.Ordinal);
        daemon.Loop.AskReload();
        Assert.Equal(["RELOADING=1", "READY=1"], [Next(), Next()]);
        daemon.Lifetime.StopApplication();
        Assert.Equal("STOPPING=1", Next());
        Assert.Equal(0, daemon.End());
        Assert.Empty(_told);
    }

    /// <summary>The permits of an agent before this one are gone by the time that systemd may start what waits for this one.</summary>
    [Fact]
    public void Ready_means_that_no_permit_is_left()
    {
        Directory.CreateDirectory(_folder["run/permit"]);
        File.WriteAllText(_folder["run/permit/a.service"], "");
        bool? left = null;
        _notifier.Setup(notifier => notifier.Notify(ServiceState.Ready)).Callback(() =>
        {
            left = File.Exists(_folder["run/permit/a.service"]);
            _told.Add("READY=1");
        });
        using Daemon daemon = Start();
        Assert.Equal("READY=1", Next());
        Assert.False(left);
        daemon.Lifetime.StopApplication();
        Assert.Equal(0, daemon.End());
    }

    [Fact]
    public void A_loop_that_hangs_gives_no_sign_of_life()
    {
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "40000");
        using ManualResetEventSlim hang = new();
        using ManualResetEventSlim hangs = new();
        _notifier.Setup(notifier => notifier.Notify(It.Is<ServiceState>(state => state.ToString().StartsWith("RELOADING"))))
            .Callback(() =>
            {
                hangs.Set();
                hang.Wait(s_patience);
            });
        using Daemon daemon = Start();
        for (int beats = 0; beats < 3;)
        {
            beats += Next() == "WATCHDOG=1" ? 1 : 0;
        }

        // From here on the loop does not go round, and whoever else might ping has ten times the time to.
        daemon.Loop.AskReload();
        Assert.True(hangs.Wait(s_patience));
        while (_told.TryTake(out _))
        {
        }

        Assert.False(_told.TryTake(out string? alive, TimeSpan.FromMilliseconds(400)), alive);
        hang.Set();
        while (Next() != "WATCHDOG=1")
        {
        }

        daemon.Lifetime.StopApplication();
        Assert.Equal(0, daemon.End());
    }

    private string Next() => _told.TryTake(out string? next, s_patience) ? next : throw new TimeoutException("systemd heard nothing");

    private Daemon Start()
    {
        DaemonOptions options = new()
        {
            Bus = $"unix:path={_folder["no-bus"]}",
            RunDirectory = _folder["run"],
            StateDirectory = _folder["state"],
            Root = _folder["root"],
            Proc = _folder["proc"],
        };
        return new Daemon(options, _notifier.Object, _folder["journal"]);
    }

    private sealed class Daemon : IDisposable
    {
        private readonly JournalQueue _journal;
        private readonly Logger _log = new LoggerConfiguration().CreateLogger();
        private readonly IHost _host;
        private readonly Task<int> _run;

        public Daemon(DaemonOptions options, ISystemdNotifier notifier, string journal)
        {
            _journal = new JournalQueue(journal);
            _host = AgentHost.Build(options, (SettingsResult.Valid)SettingsLoader.Load(options.Root), _log, _journal, notifier);
            Loop = _host.Services.GetRequiredService<Agent>();
            _run = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public Agent Loop { get; }

        public IHostApplicationLifetime Lifetime => _host.Services.GetRequiredService<IHostApplicationLifetime>();

        public int End()
        {
            Assert.True(_run.Wait(s_patience), "the daemon does not end");
            _host.StopAsync().GetAwaiter().GetResult();
            return _run.Result;
        }

        public void Dispose()
        {
            Loop.AskStop();
            _run.Wait(s_patience);
            _host.Dispose();
            _log.Dispose();
            _journal.Dispose();
        }

        private int Run()
        {
            Loop.Begin();
            _host.Start();
            return Loop.Run();
        }
    }
}
