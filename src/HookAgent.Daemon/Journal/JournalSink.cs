using System.Collections.Concurrent;
using HookAgent.Bus.Sd;
using Serilog.Core;
using Serilog.Events;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Writes log events to the journal from a thread of its own: sd_journal_sendv(3) blocks while journald does
/// not read, and the loop must not. The queue is bounded; what does not fit is dropped, counted, and told as
/// soon as there is room again.
/// </summary>
internal sealed class JournalSink : ILogEventSink, IDisposable
{
    private const int MostQueued = 1024;

    /// <summary>How long the end of the daemon waits for entries to be taken.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<LogEvent> _queue = new(MostQueued);

    private readonly Thread _writer;
    private long _dropped;

    public JournalSink()
    {
        _writer = new Thread(Write) { IsBackground = true, Name = "journal" };
        _writer.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        if (!_queue.TryAdd(logEvent))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        if (_writer.Join(s_lastWords))
        {
            _queue.Dispose();
        }
    }

    private void Write()
    {
        foreach (LogEvent entry in _queue.GetConsumingEnumerable())
        {
            // An entry the journal refuses has nowhere else to be told.
            _ = JournalWriter.Send(JournalEntry.Fields(entry));
            long dropped = Interlocked.Exchange(ref _dropped, 0);
            if (dropped > 0)
            {
                _ = JournalWriter.Send(JournalEntry.Dropped(dropped));
            }
        }
    }
}
