namespace HookAgent.Ctl;

/// <summary>Words of others, without what would confuse a terminal.</summary>
internal static class PlainText
{
    public static string Of(string text) => string.Create(text.Length, text, static (plain, words) =>
    {
        for (int i = 0; i < words.Length; i++)
        {
            plain[i] = char.IsControl(words[i]) ? '?' : words[i];
        }
    });
}
