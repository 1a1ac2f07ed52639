namespace HookAgent.Bus.Wire;

/// <summary>What the bus's socket has not taken yet, up to a bound: a bus that reads so little for so long is gone.</summary>
internal sealed class OutgoingBytes
{
    /// <summary>The most that waits, in bytes: some ten thousand answers.</summary>
    public const int Most = 4 * 1024 * 1024;

    /// <summary>A room of this size is kept for the next time.</summary>
    private const int Kept = 4096;

    private byte[] _bytes = new byte[Kept];
    private int _start;
    private int _end;

    public bool IsEmpty => _end == _start;

    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start.._end);

    /// <summary>Takes bytes to the end of the queue; false, with none of them taken, where that would be more than <see cref="Most"/>.</summary>
    public bool TryAdd(ReadOnlySpan<byte> more)
    {
        int waiting = _end - _start;
        if (more.Length > Most - waiting)
        {
            return false;
        }

        if (_bytes.Length - _end < more.Length)
        {
            // To the front of the room, or of a larger one where so much waits that this would be done again and again.
            byte[] room = waiting + more.Length <= _bytes.Length / 2 ? _bytes : new byte[Math.Min(2 * Most, 2 * Math.Max(waiting + more.Length, _bytes.Length))];
            _bytes.AsSpan(_start, waiting).CopyTo(room);
            (_bytes, _start, _end) = (room, 0, waiting);
        }

        more.CopyTo(_bytes.AsSpan(_end));
        _end += more.Length;
        return true;
    }

    /// <summary>The socket has taken so many.</summary>
    public void Sent(int count)
    {
        _start += count;
        if (IsEmpty)
        {
            (_start, _end) = (0, 0);
            _bytes = _bytes.Length > Kept ? new byte[Kept] : _bytes;
        }
    }
}
