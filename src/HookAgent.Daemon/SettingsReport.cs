using HookAgent.Core.Settings;

namespace HookAgent.Daemon;

/// <summary>What <c>hookagentd --check</c> prints.</summary>
internal static class SettingsReport
{
    /// <summary>The settings in force, with the files that they are of; or what is wrong with these.</summary>
    public static string Of(SettingsResult result) => result switch
    {
        SettingsResult.Valid { Settings: var settings, Files: var files } =>
            string.Concat(files.Select(static file => $"# read {file}\n")) + $"""
                [Node]
                Unit={settings.Unit}
                RequireUnit={settings.RequireUnit}
                IdleDelay={TimeSpanText.Format(settings.IdleDelay)}
                StartJitter={TimeSpanText.Format(settings.StartJitter)}
                StopGrace={TimeSpanText.Format(settings.StopGrace)}
                [Hook]
                Timeout={TimeSpanText.Format(settings.HookTimeout)}
                PrologWait={TimeSpanText.Format(settings.PrologWait)}
                [Metrics]
                TextFile={settings.MetricsTextFile}

                """,
        SettingsResult.Invalid { Errors: var errors } => string.Concat(errors.Select(static error => $"{error}\n")),
        _ => throw new InvalidOperationException("a settings result is valid or invalid"),
    };
}
