using HookAgent.Core.Settings;

namespace HookAgent.Ctl;

/// <summary>How long something took, as exactly as a person wants to know.</summary>
internal static class AgeText
{
    /// <summary>Two units at most; under a second, "0".</summary>
    public static string Of(TimeSpan span) =>
        string.Join(' ', TimeSpanText.Format(TimeSpan.FromSeconds((long)span.TotalSeconds)).Split(' ').Take(2));
}
