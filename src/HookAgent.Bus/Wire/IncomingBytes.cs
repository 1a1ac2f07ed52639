namespace HookAgent.Bus.Wire;

/// <summary>
/// What came from the bus, on its way to the library, without the messages that the library must not see. It would read all
/// of a large one into memory, and a bus passes on up to 128 MiB from anybody; nothing that is said here comes near to
/// <see cref="LargestMessage"/>. And it would take any message that says so for the answer to a call. A call that is left out
/// is not answered.
/// </summary>
internal sealed class IncomingBytes
{
    /// <summary>
    /// The largest call or signal that is passed on, in bytes. Anybody may send one: from some 85,000 on .NET keeps what is made
    /// of it until the next full collection, which an idle program does not make.
    /// </summary>
    public const int LargestMessage = 128 * 1024;

    /// <summary>The largest answer that is passed on, in bytes. It comes from whom we asked.</summary>
    public const int LargestAnswer = 1024 * 1024;

    /// <summary>Room for the header of a message: one with a larger header is left out.</summary>
    private const int Size = 16 * 1024;

    private readonly byte[] _bytes = new byte[Size];
    private int _start;
    private int _end;
    private long _pass;
    private long _skip;
    private bool _areMessages;

    /// <summary>What comes is no message: whoever sends it is no bus, and nothing more is given.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Where the next bytes go; then <see cref="Add"/>.</summary>
    public Span<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        return _bytes.AsSpan(_end);
    }

    public void Add(int count) => _end += count;

    /// <summary>The lines of the authentication are over: what comes from now on is messages.</summary>
    public void MessagesFollow() => _areMessages = true;

    /// <summary>Gives the next bytes; 0 where more must come first.</summary>
    public int Take(Span<byte> into)
    {
        while (_end > _start && !IsMalformed)
        {
            int there = _end - _start;
            if (_skip > 0)
            {
                int skipped = (int)Math.Min(_skip, there);
                _skip -= skipped;
                _start += skipped;
            }
            else if (!_areMessages || _pass > 0)
            {
                int given = Math.Min(into.Length, _areMessages ? (int)Math.Min(_pass, there) : there);
                _bytes.AsSpan(_start, given).CopyTo(into);
                _start += given;
                _pass -= _areMessages ? given : 0;
                return given;
            }
            else if (!TryJudge(_bytes.AsSpan(_start, there)))
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>Decides on the message that begins here; false where more of its header must come first.</summary>
    private bool TryJudge(ReadOnlySpan<byte> there)
    {
        if (there.Length < MessageHead.FixedBytes)
        {
            return false;
        }

        MessageHead head = MessageHead.Read(there);
        IsMalformed = !head.IsWellFormed;
        bool passes = head.Size <= (head.IsAnswer ? LargestAnswer : LargestMessage) && head.HeaderSize <= Size;
        if (passes && !head.IsAnswer)
        {
            if (there.Length < head.HeaderSize)
            {
                return false;
            }

            passes = !head.SaysItIsAnAnswer(there);
        }

        _pass = passes ? head.Size : 0;
        _skip = head.Size - _pass;
        return true;
    }
}
