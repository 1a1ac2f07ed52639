using System.Text;

namespace HookAgent.Tests;

/// <summary>Makes bad input out of good: the same seed and corpus make the same input.</summary>
internal sealed class Mutator(int seed)
{
    /// <summary>More than any reader takes at once, less than a test can have enough of.</summary>
    private const int MostBytes = 256 * 1024;

    private static readonly byte[][] s_snippets =
    [
        [0], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], "\n"u8.ToArray(), "\r"u8.ToArray(), "="u8.ToArray(),
        "["u8.ToArray(), "]"u8.ToArray(), "\\\n"u8.ToArray(), "#"u8.ToArray(), "-1"u8.ToArray(), "4294967295"u8.ToArray(),
        "9223372036854775807"u8.ToArray(), "9223372036854775808"u8.ToArray(), "99999999999999999999999999"u8.ToArray(),
        "1e400"u8.ToArray(), "%s%n"u8.ToArray(), "../../etc/passwd"u8.ToArray(), "\u001b[2J"u8.ToArray(),
    ];

    private static readonly int[] s_longRuns = [300, 513, 4096, 4097, 65_536, 65_537];

    private readonly Random _random = new(seed);

    /// <summary>A number from 0 to one less than <paramref name="count"/>.</summary>
    public int Pick(int count) => _random.Next(count);

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>One of the corpus, hurt once to six times; one in sixteen is left as it is.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> corpus)
    {
        byte[] bytes = [.. Pick(corpus)];
        for (int hurts = _random.Next(16) == 0 ? 0 : _random.Next(1, 7); hurts > 0; hurts--)
        {
            bytes = Hurt(bytes, corpus);
        }

        return bytes.Length <= MostBytes ? bytes : bytes[..MostBytes];
    }

    public string Mutate(IReadOnlyList<string> corpus) =>
        Encoding.UTF8.GetString(Mutate([.. corpus.Select(Encoding.UTF8.GetBytes)]));

    private byte[] Hurt(byte[] bytes, IReadOnlyList<byte[]> corpus)
    {
        int at = _random.Next(bytes.Length + 1);
        int end = Math.Min(bytes.Length, at + _random.Next(1, 40));
        switch (_random.Next(10))
        {
            case 0 when bytes.Length > 0:
                bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1 when bytes.Length > 0:
                bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[end..]];
            case 4:
                return [.. bytes[..at], .. Pick(s_snippets), .. bytes[at..]];
            case 5:
                // What follows is another's.
                byte[] other = Pick(corpus);
                return [.. bytes[..at], .. other[_random.Next(other.Length + 1)..]];
            case 6:
                return [.. bytes[..end], .. bytes[at..]];
            case 7:
                return Number(bytes);
            case 8:
                byte[] run = new byte[Pick(s_longRuns)];
                Array.Fill(run, Pick("x9=\n\0 \\"u8.ToArray()));
                return [.. bytes[..at], .. run, .. bytes[at..]];
            default:
                return Lines(bytes);
        }
    }

    /// <summary>Four bytes become a number that a length or a count should not be.</summary>
    private byte[] Number(byte[] bytes)
    {
        uint number = Pick((uint[])[0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x0010_0000, 0x00FF_FFFF]);
        int at = _random.Next(bytes.Length + 1) & ~3;
        if (at + 4 <= bytes.Length)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(at), number);
        }

        return bytes;
    }

    /// <summary>A line is doubled, or two change places.</summary>
    private byte[] Lines(byte[] bytes)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(bytes).Split('\n')];
        int from = _random.Next(lines.Count);
        string line = lines[from];
        if (_random.Next(2) == 0)
        {
            lines.RemoveAt(from);
        }

        lines.Insert(_random.Next(lines.Count + 1), line);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
