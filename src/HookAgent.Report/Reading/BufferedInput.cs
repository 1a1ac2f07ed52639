namespace HookAgent.Report.Reading;

/// <summary>Reads a stream by lines and by counted bytes. The memory stays bounded, however long a line or a field is.</summary>
internal sealed class BufferedInput
{
    /// <summary>In bytes. Longer lines are skipped: an entry of the agent has 2 KB, and journald allows 768 MB.</summary>
    public const int MostLine = 1 << 20;

    private const int Piece = 1 << 18;

    private byte[] _bytes = new byte[Piece];
    private Stream _source = Stream.Null;
    private int _from;
    private int _to;

    /// <summary>What was read and not yet taken; valid until the next call.</summary>
    public ReadOnlySpan<byte> Ahead => _bytes.AsSpan(_from, _to - _from);

    /// <summary>Begins another stream, in the same buffer.</summary>
    public void Open(Stream source) => (_source, _from, _to) = (source, 0, 0);

    /// <summary>Reads more bytes; false at the end.</summary>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public bool More()
    {
        if (_from > 0)
        {
            Ahead.CopyTo(_bytes);
            (_from, _to) = (0, _to - _from);
        }

        if (_bytes.Length - _to < Piece)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        int count = _source.Read(_bytes, _to, _bytes.Length - _to);
        _to += count;
        return count > 0;
    }

    /// <summary>Reads until so many bytes are ahead; false when the stream ends first.</summary>
    public bool Need(int count)
    {
        while (_to - _from < count)
        {
            if (!More())
            {
                return false;
            }
        }

        return true;
    }

    public void Skip(int count) => _from += count;

    /// <summary>Skips any number of bytes; false when the stream ends first.</summary>
    public bool SkipFar(ulong count)
    {
        while (count > (ulong)Ahead.Length)
        {
            count -= (ulong)Ahead.Length;
            _from = _to;
            if (!More())
            {
                return false;
            }
        }

        Skip((int)count);
        return true;
    }

    /// <summary>
    /// Takes one line without its line feed. A line that is too long is given as empty, with the end
    /// <see cref="LineEnd.TooLong"/>. False when nothing is left.
    /// </summary>
    public bool TakeLine(out ReadOnlySpan<byte> line, out LineEnd end)
    {
        int searched = 0;
        bool tooLong = false;
        while (true)
        {
            int at = Ahead[searched..].IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = tooLong ? default : Ahead[..(searched + at)];
                end = tooLong ? LineEnd.TooLong : LineEnd.Newline;
                Skip(searched + at + 1);
                return true;
            }

            searched = Ahead.Length;
            if (searched > MostLine)
            {
                tooLong = true;
                _from = _to;
                searched = 0;
            }

            if (!More())
            {
                line = tooLong ? default : Ahead;
                end = tooLong ? LineEnd.TooLong : LineEnd.EndOfData;
                _from = _to;
                return tooLong || searched > 0;
            }
        }
    }
}

internal enum LineEnd
{
    Newline,

    /// <summary>The data ended before the line did.</summary>
    EndOfData,

    /// <summary>Longer than <see cref="BufferedInput.MostLine"/>, and skipped.</summary>
    TooLong,
}
