using System.Diagnostics;
using HookAgent.Core.Journal;
using HookAgent.Core.Linux;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Entries on their way to journald, from any thread, of which none ever waits. What journald does not take at once is
/// kept, within bounds, and sent by <see cref="Pump"/>; what has no room is lost, counted, and told once journald
/// reads again.
/// </summary>
/// <remarks>
/// The loop polls <see cref="Descriptor"/> for writing while <see cref="WantsWrite"/>, and calls <see cref="Pump"/> in
/// each of its turns. unix(7) sockets say when the receiver's queue has room again only to a connected sender.
/// </remarks>
/// <param name="socketPath">Where journald listens.</param>
internal sealed class JournalQueue(string socketPath) : IDisposable
{
    /// <summary>Entries kept at most.</summary>
    public const int MostEntries = 1024;

    /// <summary>Bytes of them at most.</summary>
    public const int MostBytes = 2 << 20;

    /// <summary>How long the end of the agent waits for entries to be taken.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _kept = new();
    private int _keptBytes;
    private long _lost;
    private JournalSocket? _socket;
    private bool _full;

    private enum Sending
    {
        Sent,

        /// <summary>Not now: journald's queue or the socket's buffer is full, or nobody listens.</summary>
        Later,

        /// <summary>Never, whatever the reason; nothing is left to tell it to.</summary>
        Refused,
    }

    /// <summary>Called from the thread that wrote an entry, when that begins to be kept: the loop is to poll.</summary>
    public Action? Blocked { get; set; }

    /// <summary>What to poll for POLLOUT; -1 while there is nothing to poll for.</summary>
    public int Descriptor
    {
        get
        {
            lock (_lock)
            {
                return _full ? _socket!.Value.Descriptor : -1;
            }
        }
    }

    /// <summary>Whether entries are kept until <see cref="Descriptor"/> can be written to.</summary>
    public bool WantsWrite => Descriptor >= 0;

    public void Write(ReadOnlySpan<byte> entry)
    {
        bool begins;
        lock (_lock)
        {
            bool blocked = _full;
            Drain();
            if (_kept.Count > 0 || _lost > 0 || TrySend(entry) == Sending.Later)
            {
                Keep(entry);
            }

            begins = _full && !blocked;
        }

        if (begins)
        {
            Blocked?.Invoke();
        }
    }

    /// <summary>Sends what is kept, as far as journald takes it. Costs nothing when nothing is kept.</summary>
    public void Pump()
    {
        lock (_lock)
        {
            Drain();
        }
    }

    /// <summary>Waits a second at most for what is kept to be taken.</summary>
    public void Dispose()
    {
        long began = Stopwatch.GetTimestamp();
        Pump();
        while (WantsWrite && s_lastWords - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            AwaitWritable((int)left.TotalMilliseconds + 1);
            Pump();
        }

        lock (_lock)
        {
            _socket?.Close();
            _socket = null;
            _full = false;
        }
    }

    private unsafe void AwaitWritable(int milliseconds)
    {
        PollEntry entry = PollEntry.ForWriting(Descriptor);
        _ = Libc.Poll(&entry, 1, milliseconds);
    }

    private void Drain()
    {
        _full = false;
        while (_kept.TryPeek(out byte[]? first))
        {
            if (TrySend(first) == Sending.Later)
            {
                return;
            }

            _keptBytes -= _kept.Dequeue().Length;
        }

        if (_lost > 0 && Send(JournalSink.Encode(LogEventFields.OfLost(_lost))) == Sending.Sent)
        {
            _lost = 0;
        }
    }

    private void Keep(ReadOnlySpan<byte> entry)
    {
        if (_kept.Count < MostEntries && _keptBytes + entry.Length <= MostBytes)
        {
            _kept.Enqueue(entry.ToArray());
            _keptBytes += entry.Length;
        }
        else
        {
            _lost++;
        }
    }

    private Sending TrySend(ReadOnlySpan<byte> entry)
    {
        Sending outcome = Send(entry);
        _lost += outcome == Sending.Refused ? 1 : 0;
        return outcome;
    }

    private Sending Send(ReadOnlySpan<byte> entry)
    {
        // Once more where journald's socket was made anew since the last entry.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            _socket ??= JournalSocket.Open(socketPath);
            if (_socket is not { } socket)
            {
                return Sending.Later;
            }

            int errno = socket.Send(entry);
            if (errno == Errno.MessageTooLong)
            {
                errno = SealedEntry.Send(socket.Descriptor, entry);
            }

            switch (errno)
            {
                case 0:
                    return Sending.Sent;
                case Errno.TryAgain:
                    _full = true;
                    return Sending.Later;
                case Errno.ConnectionRefused or Errno.ConnectionReset or Errno.NotConnected:
                    socket.Close();
                    _socket = null;
                    break;
                default:
                    return Sending.Refused;
            }
        }

        return Sending.Later;
    }
}
