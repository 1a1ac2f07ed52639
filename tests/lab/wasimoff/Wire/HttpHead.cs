using System.Text;

namespace HookAgent.Wasimoff.Wire;

/// <summary>The first line and the headers of an HTTP request or answer.</summary>
internal sealed record HttpHead(string FirstLine, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Nobody who is meant to come here says more.</summary>
    private const int MostBytes = 8192;

    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>Byte by byte: what follows the empty line belongs to the WebSocket. Null when the peer says something else.</summary>
    public static async Task<HttpHead?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        byte[] one = new byte[1];
        StringBuilder text = new();
        while (!EndsWithEmptyLine(text))
        {
            if (text.Length == MostBytes || await stream.ReadAsync(one, cancel) == 0)
            {
                return null;
            }

            text.Append((char)one[0]);
        }

        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            return null;
        }

        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                return null;
            }

            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new(lines[0], headers);
    }

    private static bool EndsWithEmptyLine(StringBuilder text) =>
        text.Length >= 4 && text[^1] == '\n' && text[^2] == '\r' && text[^3] == '\n' && text[^4] == '\r';
}
