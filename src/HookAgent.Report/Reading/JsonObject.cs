using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace HookAgent.Report.Reading;

/// <summary>
/// One JSON object of strings, numbers, arrays and nulls, which is all that journalctl writes. Values that nobody
/// wants are passed over at the speed of a search for the next quote.
/// </summary>
internal ref struct JsonObject(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>False when it is no such object, or not whole.</summary>
    public bool ReadInto(Entry entry)
    {
        if (!Take('{'))
        {
            return false;
        }

        if (Take('}'))
        {
            return AtEnd;
        }

        while (true)
        {
            if (!TakeString(out ReadOnlySpan<byte> name, out _) || !Take(':') || !TakeValue(EntryFieldNames.Find(name), entry))
            {
                return false;
            }

            if (!Take(','))
            {
                return Take('}') && AtEnd;
            }
        }
    }

    private bool AtEnd
    {
        get
        {
            PassSpace();
            return _rest.IsEmpty;
        }
    }

    private bool TakeValue(EntryField? field, Entry entry)
    {
        PassSpace();
        if (_rest.IsEmpty)
        {
            return false;
        }

        switch (_rest[0])
        {
            case (byte)'"':
                if (!TakeString(out ReadOnlySpan<byte> value, out bool escaped))
                {
                    return false;
                }

                if (field is { } wanted)
                {
                    entry.Set(wanted, escaped ? Unescaped(value) : value);
                }

                return true;
            case (byte)'[':
                return TakeArray(field, entry);
            default:
                return TakeWord();
        }
    }

    /// <summary>The bytes of one value; or several values, strings or such bytes, of which the first counts.</summary>
    private bool TakeArray(EntryField? field, Entry entry, bool inside = false)
    {
        Take('[');
        if (Take(']'))
        {
            return true;
        }

        ArrayBufferWriter<byte>? bytes = null;
        do
        {
            PassSpace();
            byte first = _rest.IsEmpty ? (byte)0 : _rest[0];
            if (char.IsAsciiDigit((char)first))
            {
                if (!Utf8Parser.TryParse(_rest, out byte one, out int used))
                {
                    return false;
                }

                _rest = _rest[used..];
                if (field is not null)
                {
                    (bytes ??= new ArrayBufferWriter<byte>()).Write([one]);
                }
            }
            else if (first == '[' ? inside || !TakeArray(field, entry, inside: true) : !TakeValue(field, entry))
            {
                return false;
            }
        }
        while (Take(','));

        if (bytes is not null)
        {
            entry.Set(field!.Value, bytes.WrittenSpan);
        }

        return Take(']');
    }

    /// <summary>null, a number, true or false.</summary>
    private bool TakeWord()
    {
        int length = _rest.IndexOfAnyExcept(s_wordBytes);
        length = length < 0 ? _rest.Length : length;
        _rest = _rest[length..];
        return length > 0;
    }

    /// <summary>Takes a string and gives what is between its quotes, as it stands there.</summary>
    private bool TakeString(out ReadOnlySpan<byte> inside, out bool escaped)
    {
        inside = default;
        escaped = false;
        if (!Take('"'))
        {
            return false;
        }

        int at = 0;
        while (true)
        {
            int next = _rest[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return false;
            }

            at += next;
            if (_rest[at] == '"')
            {
                inside = _rest[..at];
                _rest = _rest[(at + 1)..];
                return true;
            }

            escaped = true;
            at += 2;
            if (at > _rest.Length)
            {
                return false;
            }
        }
    }

    private bool Take(char c)
    {
        PassSpace();
        if (_rest.IsEmpty || _rest[0] != c)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    private void PassSpace()
    {
        if (!_rest.IsEmpty && _rest[0] <= ' ')
        {
            _rest = _rest.TrimStart(" \t\r\n"u8);
        }
    }

    /// <summary>A half of a surrogate pair alone becomes U+FFFD, as in any other reader.</summary>
    private static byte[] Unescaped(ReadOnlySpan<byte> text)
    {
        StringBuilder plain = new();
        while (!text.IsEmpty)
        {
            int next = text.IndexOf((byte)'\\');
            plain.Append(Encoding.UTF8.GetString(next < 0 ? text : text[..next]));
            if (next < 0)
            {
                break;
            }

            byte kind = text[next + 1];
            text = text[(next + 2)..];
            if (kind == 'u' && Utf8Parser.TryParse(text[..Math.Min(4, text.Length)], out ushort code, out int used, 'x'))
            {
                plain.Append((char)code);
                text = text[used..];
            }
            else
            {
                plain.Append(kind switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    _ => (char)kind,
                });
            }
        }

        return Encoding.UTF8.GetBytes(plain.ToString());
    }

    private static readonly SearchValues<byte> s_wordBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzE0123456789+-."u8);
}
