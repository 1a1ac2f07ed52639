using System.Text;
using HookAgent.Core.Journal;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace HookAgent.Daemon.Journal;

/// <summary>Writes log events to the journal of systemd, with their properties as fields.</summary>
internal sealed class JournalSink(JournalQueue journal) : ILogEventSink
{
    /// <summary>More than this in one entry is clipped.</summary>
    private const int MostEntryBytes = 512 << 10;

    public void Emit(LogEvent logEvent) => journal.Write(Encode(LogEventFields.Of(logEvent)));

    internal static ReadOnlySpan<byte> Encode(IReadOnlyList<(string Name, string Value)> fields)
    {
        int bytes = fields.Sum(field => JournalEntry.MostBytesAroundField + field.Name.Length + Encoding.UTF8.GetByteCount(field.Value));
        JournalEntry entry = new(new byte[Math.Min(MostEntryBytes, bytes + JournalEntry.MostBytesAroundField)]);
        foreach ((string name, string value) in fields)
        {
            entry.AddText(name, value);
        }

        return entry.Bytes;
    }
}

/// <summary>Lets a logger's configuration read <c>WriteTo.Journal(…)</c>, as one with Serilog.Sinks.Journal does.</summary>
internal static class JournalSinkConfiguration
{
    public static LoggerConfiguration Journal(this LoggerSinkConfiguration sinks, JournalQueue journal) => sinks.Sink(new JournalSink(journal));
}
