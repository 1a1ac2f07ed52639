namespace HookAgent.Ctl.Output;

/// <summary>Where a verb writes to.</summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Coloured">Whether <paramref name="Out"/> may carry colour codes.</param>
/// <param name="IsScreen">Whether <paramref name="Out"/> is a terminal, which can be drawn over.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Coloured, bool IsScreen = false)
{
    /// <summary>Columns of <see cref="Out"/>, into which text is wrapped; in a pipe it is not.</summary>
    public int Width { get; init; } = int.MaxValue;

    /// <summary>Columns of <see cref="Error"/>.</summary>
    public int ErrorWidth { get; init; } = int.MaxValue;

    /// <summary>The programs that long texts may go through; see <see cref="Pager"/>.</summary>
    public IReadOnlyList<string> PagerPrograms { get; init; } = [];

    /// <summary>TERM.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// Colours are for a terminal that can show them and an operator who did not say otherwise
    /// (https://no-color.org: NO_COLOR set and not empty). SYSTEMD_COLORS decides before both, as for systemctl(1).
    /// </summary>
    public static bool WantsColour(bool isTerminal, string? noColor, string? term, string? systemdColors = null) => systemdColors switch
    {
        "1" or "yes" or "y" or "true" or "t" or "on" or "16" or "256" or "24bit" or "auto-16" or "auto-256" or "auto-24bit" => true,
        "0" or "no" or "n" or "false" or "f" or "off" => false,
        _ => isTerminal && string.IsNullOrEmpty(noColor) && term is not (null or "" or "dumb"),
    };

    /// <summary>Writes a line, wrapped at words.</summary>
    /// <param name="indent">Blanks before what does not fit on the first line.</param>
    public void Say(string text, int indent = 0) => Out.WriteLine(WordWrap.Of(text, Width, indent));

    /// <summary>Says on the error side why the verb failed, and gives its exit code.</summary>
    public int Fail(string sentence)
    {
        Complain(sentence);
        return ExitCode.Failed;
    }

    /// <summary>Says what is wrong with an option's or operand's value, and gives the exit code for that.</summary>
    public int Refuse(string sentence)
    {
        Complain(sentence);
        return ExitCode.Usage;
    }

    /// <summary>Says it on the error side.</summary>
    public void Complain(string sentence) => Error.WriteLine(WordWrap.Of($"hookctl: {sentence}", ErrorWidth, indent: 9));

    /// <summary>Another's words, without what a terminal would obey, on one line.</summary>
    public static string Printable(string text) => string.Create(text.Length, text, static (plain, words) =>
    {
        for (int i = 0; i < words.Length; i++)
        {
            plain[i] = char.IsControl(words[i]) ? '?' : words[i];
        }
    });

    /// <summary>The text in a colour of the terminal's own palette (ECMA-48, 30 to 37 and bold).</summary>
    public string Paint(string text, Colour colour) => (Coloured, colour) switch
    {
        (false, _) or (_, Colour.Plain) => text,
        (true, Colour.Green) => $"\u001b[1;32m{text}\u001b[0m",
        (true, Colour.Yellow) => $"\u001b[1;33m{text}\u001b[0m",
        (true, Colour.Red) => $"\u001b[1;31m{text}\u001b[0m",
    };
}

internal enum Colour
{
    Plain,
    Green,
    Yellow,
    Red,
}
