using System.Threading.Tasks.Sources;

namespace HookAgent.Bus.Wire;

/// <summary>
/// The bus's socket as the library's stream, driven by the poll(2) of whoever owns the connection. A read that waits is
/// completed inline by <see cref="Pump"/>, so that all the library does, each callback too, happens on that thread; a
/// write goes to the socket at once or waits in a bounded queue, and never keeps the library waiting.
/// </summary>
internal sealed class PolledStream(BusSocket socket) : Stream, IValueTaskSource<int>
{
    /// <summary>
    /// So many bytes a turn, some hundred messages, that a flood is read quickly, and so few that it holds nothing else up.
    /// </summary>
    private const int BytesPerTurn = 16 * 1024;

    /// <summary>
    /// While more than this waits to be written, in bytes, nothing is read: an answer may be fifty times as long as the call,
    /// and whoever sends calls faster than the bus takes the answers would fill the queue, and lose us the connection.
    /// </summary>
    private const int MostOwedWhileReading = 64 * 1024;

    /// <summary>How long a bus that owes us its reading may take none of it: then it has stopped, for a reason of its own.</summary>
    private static readonly TimeSpan s_longestStandstill = TimeSpan.FromSeconds(5);

    private readonly IncomingBytes _incoming = new();
    private readonly OutgoingBytes _outgoing = new();
    private ManualResetValueTaskSourceCore<int> _read; // Its continuations run inline, which is the default.
    private Memory<byte> _into;
    private bool _waits;
    private int _left;
    private ulong _mustTakeBy = MonotonicClock.Never;

    /// <summary>The bus has hung up, or reads nothing any more. Nobody else tells.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The turn's share is done, and there may be more: pump again after the loop's other work.</summary>
    public bool HasMore => _waits && _left <= 0 && WaitsToRead && !IsLost;

    /// <summary>Something waits until the socket is writable.</summary>
    public bool WaitsToWrite => !_outgoing.IsEmpty;

    /// <summary>Whether anything is read; not before the bus has taken most of what waits for it.</summary>
    public bool WaitsToRead => _outgoing.Waiting.Length <= MostOwedWhileReading;

    /// <summary>
    /// By when the bus must take something, in microseconds of CLOCK_MONOTONIC, so that we read on; never, while we read.
    /// </summary>
    public ulong MustTakeBy => WaitsToRead ? MonotonicClock.Never : _mustTakeBy;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes what waits, and lets the library read a turn's share.</summary>
    public void Pump()
    {
        WriteOut();
        IsLost |= MonotonicClock.NowUsec() >= MustTakeBy;
        _left = BytesPerTurn;
        if (_waits && TryRead(_into.Span) is > 0 and var got)
        {
            _waits = false;
            _read.SetResult(got);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryRead(buffer.Span) is > 0 and var got)
        {
            return new(got);
        }

        // After a loss too: the owner of the connection ends it.
        (_into, _waits) = (buffer, true);
        _read.Reset();
        return new(this, _read.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (WaitsToRead)
        {
            _mustTakeBy = MonotonicClock.After(s_longestStandstill);
        }

        IsLost |= !_outgoing.TryAdd(buffer.Span);
        if (buffer.Span.SequenceEqual("BEGIN\r\n"u8))
        {
            // The last line of the authentication (D-Bus specification, "Authentication Protocol").
            _incoming.MessagesFollow();
        }

        WriteOut();
        return default;
    }

    public int GetResult(short token) => _read.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _read.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsLost = true;
        socket.Dispose();
        base.Dispose(disposing);
    }

    private int TryRead(Span<byte> into)
    {
        while (WaitsToRead)
        {
            if (_incoming.Take(into) is > 0 and var given)
            {
                return given;
            }

            IsLost |= _incoming.IsMalformed;
            int got = _left > 0 && !IsLost ? socket.Receive(_incoming.Room()) : 0;
            IsLost |= got < 0;
            if (got <= 0)
            {
                return 0;
            }

            _left -= got;
            _incoming.Add(got);
        }

        return 0;
    }

    private void WriteOut()
    {
        while (!IsLost && !_outgoing.IsEmpty)
        {
            int sent = socket.Send(_outgoing.Waiting);
            IsLost |= sent < 0;
            if (sent <= 0)
            {
                return;
            }

            _outgoing.Sent(sent);
            _mustTakeBy = MonotonicClock.After(s_longestStandstill);
        }
    }
}
