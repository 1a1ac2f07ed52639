using HookAgent.Core.Settings;

namespace HookAgent.Daemon;

/// <summary>What <c>hookagentd --check</c> prints.</summary>
internal static class SettingsReport
{
    /// <summary>True when the settings can be used.</summary>
    public static bool Print(SettingsResult result)
    {
        switch (result)
        {
            case SettingsResult.Valid { Settings: var settings, Files: var files }:
                foreach (string file in files)
                {
                    Console.Out.WriteLine($"# read {file}");
                }

                Console.Out.WriteLine($"""
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
                    """);
                return true;
            case SettingsResult.Invalid { Errors: var errors }:
                foreach (SettingsError error in errors)
                {
                    Console.Error.WriteLine(error);
                }

                return false;
            default:
                throw new InvalidOperationException("a settings result is valid or invalid");
        }
    }
}
