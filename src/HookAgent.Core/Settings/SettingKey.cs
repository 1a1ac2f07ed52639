namespace HookAgent.Core.Settings;

/// <summary>One key a settings file may assign.</summary>
/// <param name="Section">The section's name without brackets.</param>
/// <param name="Name">The key as it is written before the "=".</param>
/// <param name="Accepts">The accepted form, ending the sentence "accepted is …".</param>
/// <param name="Assign">The settings with this value, which is never empty; null where it is not accepted.</param>
/// <param name="Clear">The settings as an empty value leaves them.</param>
internal sealed record SettingKey(
    string Section,
    string Name,
    string Accepts,
    Func<AgentSettings, string, AgentSettings?> Assign,
    Func<AgentSettings, AgentSettings> Clear)
{
    /// <summary>Every key there is. Names are matched as systemd matches them, upper and lower case apart.</summary>
    public static readonly SettingKey[] All =
    [
        new("Node", "Unit",
            "the name of one service that can be started, like wasimoff-provider.service",
            static (settings, value) => UnitName.IsService(value) ? settings with { Unit = value } : null,
            static settings => settings with { Unit = AgentSettings.Defaults.Unit }),
        new("Node", "RequireUnit",
            $"names of services and patterns of them, {RequiredUnits.Most} at most, like slurmd.service or slurmd@*.service, or nothing for no such unit",
            static (settings, value) => RequiredUnits.Normalize(value) is { } units ? settings with { RequireUnit = units } : null,
            static settings => settings with { RequireUnit = null }),
        Span("Node", "IdleDelay", TimeSpan.Zero, TimeSpan.FromDays(1), AgentSettings.Defaults.IdleDelay,
            static (settings, span) => settings with { IdleDelay = span }),
        Span("Node", "StartJitter", TimeSpan.Zero, TimeSpan.FromHours(1), AgentSettings.Defaults.StartJitter,
            static (settings, span) => settings with { StartJitter = span }),
        Span("Node", "StopGrace", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), AgentSettings.Defaults.StopGrace,
            static (settings, span) => settings with { StopGrace = span }),
        Span("Hook", "Timeout", HookSettings.LeastTimeout, HookSettings.MostTimeout, AgentSettings.Defaults.HookTimeout,
            static (settings, span) => settings with { HookTimeout = span }),
        Span("Hook", "PrologWait", TimeSpan.Zero, HookSettings.MostPrologWait, AgentSettings.Defaults.PrologWait,
            static (settings, span) => settings with { PrologWait = span }),
        new("Metrics", "TextFile",
            "an absolute path without \"..\" that ends in .prom (node_exporter reads no other name), or nothing for no metrics",
            static (settings, value) => IsTextFile(value) ? settings with { MetricsTextFile = value } : null,
            static settings => settings with { MetricsTextFile = null }),
    ];

    private static SettingKey Span(
        string section,
        string name,
        TimeSpan least,
        TimeSpan most,
        TimeSpan unset,
        Func<AgentSettings, TimeSpan, AgentSettings> assign) => new(
            section,
            name,
            $"a time span from {TimeSpanText.Format(least)} to {TimeSpanText.Format(most)}, like 10s, 500ms or 1min 30s",
            (settings, value) => TimeSpanText.TryParse(value, out TimeSpan span) && span >= least && span <= most
                ? assign(settings, span)
                : null,
            settings => assign(settings, unset));

    /// <summary>The limits are Linux's PATH_MAX and NAME_MAX, in bytes, which a non-ASCII name reaches sooner.</summary>
    private static bool IsTextFile(string path)
    {
        const string suffix = ".prom";
        string[] parts = path.Split('/');
        return parts.Length > 1
            && parts[0].Length == 0
            && System.Text.Encoding.UTF8.GetByteCount(path) < 4096
            && path.EndsWith(suffix, StringComparison.Ordinal)
            && parts[^1].Length > suffix.Length
            && parts[1..].All(static part => part is not ("" or "." or "..")
                && System.Text.Encoding.UTF8.GetByteCount(part) <= 255);
    }
}
