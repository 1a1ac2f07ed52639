using HookAgent.Core;
using HookAgent.Core.Settings;
using HookAgent.Daemon;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Notify;
using HookAgent.Daemon.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

const int outputError = 1;
const int otherAgent = 1;
const int usageError = 2;
const int configError = 78; // EX_CONFIG of sysexits.h, which the unit does not restart after.

// Below TimeoutStartSec= of the unit, which starts it again: no line in the journal meanwhile.
TimeSpan otherAgentMayEnd = TimeSpan.FromSeconds(5);

(DaemonOptions? options, string mistake) = DaemonOptions.Parse(args);
if (options is null)
{
    return Complain($"hookagentd: {mistake}\n", usageError);
}

if (options.Help || options.Version)
{
    return Print(options.Help ? DaemonOptions.Usage + "\n" : $"hookagentd {ProductVersion.Text}\n");
}

SettingsResult result = SettingsLoader.Load(options.Root);
if (options.Check)
{
    return result is SettingsResult.Valid ? Print(SettingsReport.Of(result)) : Complain(SettingsReport.Of(result), configError);
}

// systemd sets the variable for a service whose output goes to the journal (systemd.exec(5)).
bool underSystemd = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
using JournalQueue journal = new(options.Journal);
LoggerConfiguration logging = new LoggerConfiguration()
    .MinimumLevel.Debug()
    .MinimumLevel.Override("Microsoft", LogEventLevel.Warning);
using Logger log = (underSystemd ? logging.WriteTo.Journal(journal) : logging.WriteTo.Sink(new TerminalSink())).CreateLogger();

if (result is not SettingsResult.Valid || !RunLock.TryTake(options.RunDirectory))
{
    using ILoggerFactory loggers = LoggerFactory.Create(providers => providers.AddSerilog(log));
    ILogger<Agent> logger = loggers.CreateLogger<Agent>();
    if (result is SettingsResult.Invalid bad)
    {
        logger.SettingsBad(string.Join("; ", bad.Errors), "hookagentd does not start. Fix them, then 'systemctl start hookagentd'.");
        return configError;
    }

    logger.AgentRuns(RunLock.FileOf(options.RunDirectory));
    if (!RunLock.TryTakeWithin(otherAgentMayEnd, options.RunDirectory))
    {
        return otherAgent;
    }
}

using NotifySocket notifier = new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
using IHost host = AgentHost.Build(options, (SettingsResult.Valid)result, log, journal, notifier);
int exitCode = Run(host.Services.GetRequiredService<Agent>());
host.StopAsync().GetAwaiter().GetResult();
return exitCode;

int Print(string text)
{
    try
    {
        Console.Out.Write(text);
        return 0;
    }
    catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
    {
        // The framework takes EBADF for a file that may not be opened.
        return Complain($"hookagentd: cannot write: {(failure.InnerException ?? failure).Message}\n", outputError);
    }
}

int Complain(string text, int exitCode)
{
    try
    {
        Console.Error.Write(text);
    }
    catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
    {
        // There is nobody else to tell; the exit code says it.
    }

    return exitCode;
}

int Run(Agent agent)
{
    try
    {
        agent.Begin();

        // On this thread, and with no task that does not end at once: the thread pool would be half a dozen more.
        host.Start();
        return agent.Run();
    }
#pragma warning disable CA1031 // The last place to tell of a fault; the agent ends by it.
    catch (Exception fault)
#pragma warning restore CA1031
    {
        host.Services.GetRequiredService<ILogger<Agent>>().DaemonFault(fault);
        return 1;
    }
}
