using System.Text;

namespace HookAgent.Core.Settings;

/// <summary>
/// One logical line of a settings file: comments dropped, continued lines joined, outer white space gone.
/// </summary>
/// <param name="Number">Where it begins, counted from 1.</param>
/// <param name="Text">Never empty.</param>
internal readonly record struct SettingsLine(int Number, string Text)
{
    /// <summary>
    /// Cuts a text as systemd's config_parse() does: "#" and ";" begin a comment only at the start of a line,
    /// also between continued lines; a backslash at a line's end, unless itself escaped, joins the next line
    /// with a space. A line may end in LF, CR LF or CR. A byte order mark at the very start is ignored.
    /// </summary>
    public static IEnumerable<SettingsLine> Cut(string text)
    {
        StringBuilder joined = new();
        int begin = 0;
        int number = 0;
        foreach (string physical in Physical(text.StartsWith('\ufeff') ? text[1..] : text))
        {
            number++;
            if (physical.AsSpan().TrimStart().StartsWith("#") || physical.AsSpan().TrimStart().StartsWith(";"))
            {
                continue;
            }

            begin = begin == 0 ? number : begin;
            if (IsContinued(physical))
            {
                joined.Append(physical, 0, physical.Length - 1).Append(' ');
                continue;
            }

            joined.Append(physical);
            if (joined.ToString().Trim() is { Length: > 0 } line)
            {
                yield return new SettingsLine(begin, line);
            }

            joined.Clear();
            begin = 0;
        }

        if (joined.ToString().Trim() is { Length: > 0 } last)
        {
            yield return new SettingsLine(begin, last);
        }
    }

    private static IEnumerable<string> Physical(string text)
    {
        int begin = 0;
        while (begin < text.Length)
        {
            int end = text.AsSpan(begin).IndexOfAny('\n', '\r');
            if (end < 0)
            {
                yield return text[begin..];
                yield break;
            }

            end += begin;
            yield return text[begin..end];
            bool both = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n';
            begin = end + (both ? 2 : 1);
        }
    }

    private static bool IsContinued(string line)
    {
        int backslashes = line.Length - line.AsSpan().TrimEnd('\\').Length;
        return backslashes % 2 == 1;
    }
}
