using HookAgent.Core.Settings;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Serilog;

namespace HookAgent.Daemon;

/// <summary>The generic host around the agent.</summary>
internal static class AgentHost
{
    public static IHost Build(
        DaemonOptions options, SettingsResult.Valid settings, Serilog.ILogger log, JournalQueue journal, ISystemdNotifier notifier)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSerilog(log);
        builder.Services
            .AddSingleton(options)
            .AddSingleton<TimeProvider>(new BootClock())
            .AddSingleton(services => new SettingsStore(
                options.Root, options.RunDirectory, settings, services.GetRequiredService<ILogger<SettingsStore>>()))
            .AddSingleton<MetricsFile>()
            .AddSingleton(journal)
            .AddSingleton<Agent>()
            .AddSingleton(notifier)

            // Not by AddSystemd, which adds it only to a process whose parent is called systemd.
            .AddSingleton<IHostLifetime, SystemdLifetime>()
            .AddHostedService<HostSignals>();
        return builder.Build();
    }
}
