using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace HookAgent.Daemon.Journal;

/// <summary>Writes log events to standard error, for an agent that was started by hand.</summary>
internal sealed class TerminalSink : ILogEventSink
{
    public void Emit(LogEvent logEvent) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"hookagentd: {Level(logEvent.Level)}{PlainMessage.Of(logEvent)}{(logEvent.Exception is null ? "" : $" {logEvent.Exception}")}"));

    private static string Level(LogEventLevel level) => level == LogEventLevel.Information ? "" : $"{level.ToString().ToLowerInvariant()}: ";
}
