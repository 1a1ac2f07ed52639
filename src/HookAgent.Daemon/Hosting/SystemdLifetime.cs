using System.Runtime.InteropServices;
using HookAgent.Daemon.Loop;
using Microsoft.Extensions.Hosting;

namespace HookAgent.Daemon.Hosting;

/// <summary>
/// The signals of a service (systemd.kill(5), systemd.service(5)): SIGTERM and SIGINT end it, SIGHUP reads the
/// settings again. What it tells systemd comes from the loop itself, so that a loop that hangs is not well.
/// </summary>
internal sealed class SystemdLifetime(NodeLoop loop) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        On(PosixSignal.SIGTERM, loop.AskStop);
        On(PosixSignal.SIGINT, loop.AskStop);
        On(PosixSignal.SIGHUP, loop.AskReload);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void On(PosixSignal signal, Action then) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        then();
    }));
}
