using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Loop;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Hosting;

/// <summary>Runs the loop on its thread for as long as the host lives, and ends the host when the loop ends.</summary>
internal sealed class LoopService(NodeLoop loop, IHostApplicationLifetime host, ILogger<LoopService> logger) : IHostedService
{
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(RunLoop) { Name = "loop" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        loop.AskStop();
        _thread?.Join();
        return Task.CompletedTask;
    }

    private void RunLoop()
    {
        try
        {
            Environment.ExitCode = loop.Run();
        }
#pragma warning disable CA1031 // The last place to tell of a fault; the daemon ends by it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.DaemonFault(fault);
            Environment.ExitCode = 1;
        }

        host.StopApplication();
    }
}
