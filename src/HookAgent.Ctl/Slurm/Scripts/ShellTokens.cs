using System.Text;

namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>A word of a shell script with its quotes, or an operator: ";", "&amp;&amp;", "|", a new line.</summary>
internal sealed record ShellToken(string Text, bool IsOperator);

/// <summary>
/// Cuts a shell script into words and operators (POSIX, Shell Command Language, 2.3). Comments, redirections and
/// here-documents are left out: nothing in them is run.
/// </summary>
internal sealed class ShellTokens
{
    private static readonly string[] Operators = ["&&", "||", ";;", "\n", ";", "&", "|", "(", ")"];

    /// <summary>A here-document that begins behind the line.</summary>
    private sealed record Document(string End, bool IsIndented);

    private readonly string _text;
    private readonly List<ShellToken> _tokens = [];
    private readonly Queue<Document> _documents = [];
    private int _at;

    private ShellTokens(string text) => _text = text.Replace("\\\n", "", StringComparison.Ordinal);

    public static List<ShellToken> Of(string text)
    {
        ShellTokens tokens = new(text);
        tokens.Cut();
        return tokens._tokens;
    }

    /// <summary>What a "$(" or a "`" encloses; the end is that of the closing sign.</summary>
    /// <param name="text">The text, which has the opening at <paramref name="open"/>.</param>
    /// <param name="open">The position of "(" or "`".</param>
    public static int EndOf(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '\'' when text[open] != '`':
                    i = text.IndexOf('\'', i + 1) is >= 0 and var end ? end : text.Length;
                    break;
                case '`' when text[open] == '`' && i > open:
                    return i;
                case '(' or '{' when text[i] == text[open]:
                    depth++;
                    break;
                case ')' when text[open] == '(' && --depth == 0:
                    return i;
                case '}' when text[open] == '{' && --depth == 0:
                    return i;
            }
        }

        return text.Length;
    }

    private void Cut()
    {
        while (_at < _text.Length)
        {
            char next = _text[_at];
            if (next == '#')
            {
                _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
            }
            else if (next is '<' or '>' || (next == '&' && Peek(1) == '>') || (char.IsAsciiDigit(next) && Peek(1) is '<' or '>'))
            {
                Redirect();
            }
            else if (Operators.FirstOrDefault(sign => string.CompareOrdinal(_text, _at, sign, 0, sign.Length) == 0) is { } found)
            {
                _tokens.Add(new ShellToken(found, IsOperator: true));
                _at += found.Length;
                if (found == "\n")
                {
                    SkipDocuments();
                }
            }
            else if (char.IsWhiteSpace(next))
            {
                _at++;
            }
            else
            {
                _tokens.Add(new ShellToken(Word(), IsOperator: false));
            }
        }
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    /// <summary>A redirection and its word; of a here-document the word is the line that ends it.</summary>
    private void Redirect()
    {
        while (char.IsAsciiDigit(Peek(0)) || Peek(0) == '&')
        {
            _at++;
        }

        // "<(" is a command whose output is a file.
        if (Peek(1) == '(')
        {
            _at++;
            return;
        }

        int from = _at;
        while (Peek(0) is '<' or '>' or '&' or '|' or '-')
        {
            _at++;
        }

        string sign = _text[from.._at];
        while (Peek(0) is ' ' or '\t')
        {
            _at++;
        }

        string word = Word();
        if (sign is "<<" or "<<-")
        {
            _documents.Enqueue(new Document(word.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal), sign == "<<-"));
        }
    }

    private void SkipDocuments()
    {
        while (_documents.TryDequeue(out Document? document))
        {
            while (_at < _text.Length)
            {
                int end = _text.IndexOf('\n', _at) is >= 0 and var found ? found : _text.Length;
                string line = _text[_at..end];
                _at = Math.Min(end + 1, _text.Length);
                if ((document.IsIndented ? line.TrimStart('\t') : line) == document.End)
                {
                    break;
                }
            }
        }
    }

    private string Word()
    {
        StringBuilder word = new();
        while (_at < _text.Length && _text[_at] is var next && !char.IsWhiteSpace(next) && next is not (';' or '&' or '|' or '(' or ')' or '<' or '>'))
        {
            int end = next switch
            {
                '\\' => _at + 1,
                '\'' => _text.IndexOf('\'', _at + 1),
                '"' => QuoteEnd(_at),
                '`' => EndOf(_text, _at),
                '$' when Peek(1) is '(' or '{' => EndOf(_text, _at + 1),
                _ => _at,
            };
            end = end < 0 || end >= _text.Length ? _text.Length - 1 : end;
            word.Append(_text, _at, end + 1 - _at);
            _at = end + 1;
        }

        return word.ToString();
    }

    private int QuoteEnd(int open)
    {
        for (int i = open + 1; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '\\':
                    i++;
                    break;
                case '"':
                    return i;
                case '`':
                    i = EndOf(_text, i);
                    break;
                case '$' when i + 1 < _text.Length && _text[i + 1] is '(' or '{':
                    i = EndOf(_text, i + 1);
                    break;
            }
        }

        return _text.Length;
    }
}
