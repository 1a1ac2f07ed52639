namespace HookAgent.Ctl;

/// <summary>Words of others, without what would confuse a terminal.</summary>
internal static class PlainText
{
    public static string Of(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
}
