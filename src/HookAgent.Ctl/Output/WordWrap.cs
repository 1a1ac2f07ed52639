using System.Text;

namespace HookAgent.Ctl.Output;

/// <summary>Breaks lines that are too long for the terminal between words, never inside one.</summary>
internal static class WordWrap
{
    /// <summary>
    /// The text in lines of at most <paramref name="width"/> columns, of which all but the first begin with
    /// <paramref name="indent"/> blanks. A word that is longer than a line, such as a path, has one of its own. Colour codes
    /// take no column.
    /// </summary>
    public static string Of(string text, int width, int indent = 0)
    {
        StringBuilder lines = new();
        while (BreakOf(text, width) is > 0 and int at)
        {
            lines.Append(text.AsSpan(0, at).TrimEnd(' ')).Append('\n');
            text = $"{new string(' ', indent)}{text[at..].TrimStart(' ')}";
        }

        return lines.Append(text).ToString();
    }

    /// <summary>The blank at which the first line ends; 0 where it need not be broken, or cannot be.</summary>
    private static int BreakOf(string text, int width)
    {
        int column = 0;
        int blank = 0;
        bool inText = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b')
            {
                i = Math.Max(i, text.IndexOf('m', i));
                continue;
            }

            inText |= text[i] != ' ';
            if (text[i] == ' ' && inText)
            {
                if (column > width)
                {
                    return blank > 0 ? blank : i;
                }

                blank = i;
            }
            else if (column >= width && blank > 0)
            {
                return blank;
            }

            column++;
        }

        return 0;
    }
}
