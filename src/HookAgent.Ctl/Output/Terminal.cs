namespace HookAgent.Ctl.Output;

/// <summary>Where a verb writes to.</summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Coloured">Whether <paramref name="Out"/> may carry colour codes.</param>
/// <param name="IsScreen">Whether <paramref name="Out"/> is a terminal, which can be drawn over.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Coloured, bool IsScreen = false)
{
    /// <summary>
    /// Colours are for a terminal that can show them and an operator who did not say otherwise
    /// (https://no-color.org: NO_COLOR set and not empty).
    /// </summary>
    public static bool WantsColour(bool isTerminal, string? noColor, string? term) =>
        isTerminal && string.IsNullOrEmpty(noColor) && term is not (null or "" or "dumb");

    /// <summary>Says on the error side why the verb failed, and gives its exit code.</summary>
    public int Fail(string sentence)
    {
        Error.WriteLine($"hookctl: {sentence}");
        return ExitCode.Failed;
    }

    /// <summary>Says what is wrong with an option's or operand's value, and gives the exit code for that.</summary>
    public int Refuse(string sentence)
    {
        Error.WriteLine($"hookctl: {sentence}");
        return ExitCode.Usage;
    }

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
