using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace HookAgent.Daemon;

/// <summary>
/// Brings the host's word to the loop: SIGTERM, which the package's SystemdLifetime takes, and SIGINT end it; SIGHUP reads
/// the settings again (systemd.kill(5), systemd.service(5)).
/// </summary>
internal sealed class HostSignals(Agent agent, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly List<IDisposable> _registrations = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(lifetime.ApplicationStopping.Register(agent.AskStop));
        On(PosixSignal.SIGINT, lifetime.StopApplication);
        On(PosixSignal.SIGHUP, agent.AskReload);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void On(PosixSignal signal, Action then) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        then();
    }));
}
