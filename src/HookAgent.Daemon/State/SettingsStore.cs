using System.Globalization;
using HookAgent.Core;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.State;

/// <summary>The settings in force, and what the hook and the provider's start program need of them, published where they look.</summary>
/// <param name="root">Where /etc/hookagent and the like are looked for; "" for the root itself.</param>
/// <param name="runDirectory">/run/hookagent.</param>
internal sealed class SettingsStore(string root, string runDirectory, SettingsResult.Valid start, ILogger logger)
{
    private readonly FileTrouble _trouble = new(
        logger, "The hook goes by its defaults; where the folder was made anew, 'systemctl restart hookagentd' fixes that.");

    private readonly FileTrouble _providerTrouble = new(
        logger, "The providers of the cluster do not spread their starts when their broker is back; 'systemctl restart hookagentd' writes it again.");

    private IReadOnlyList<string> _files = start.Files;

    public AgentSettings Current { get; private set; } = start.Settings;

    /// <summary>Why the last reload refused them, with file and line; empty where it did not.</summary>
    public string Refused { get; private set; } = "";

    public NodeSettings ForDecisions => new(
        Current.IdleDelay, Current.StartJitter, Current.StopGrace, Current.PrologWait, Current.RequireUnit is not null);

    public void LogStarted() => logger.DaemonStarted(
        ProductVersion.Text, Current.Unit, TimeSpanText.Format(Current.IdleDelay), TimeSpanText.Format(Current.StopGrace),
        TimeSpanText.Format(Current.PrologWait), Files());

    /// <summary>Reads the files again. False, with the old settings still in force, when they cannot be used.</summary>
    public bool Reload()
    {
        switch (SettingsLoader.Load(root))
        {
            case SettingsResult.Valid valid:
                bool otherUnits = valid.Settings.Unit != Current.Unit || valid.Settings.RequireUnit != Current.RequireUnit;
                Refused = "";
                Current = valid.Settings with { Unit = Current.Unit, RequireUnit = Current.RequireUnit };
                _files = valid.Files;
                Publish();
                logger.SettingsReloaded(Files(), otherUnits ? " Unit= and RequireUnit= change with the next 'systemctl restart hookagentd'." : "");
                return true;
            case SettingsResult.Invalid invalid:
                Refused = string.Join("; ", invalid.Errors);
                logger.SettingsBad(Refused, "The old settings stay in force.");
                return false;
            default:
                throw new InvalidOperationException("a settings result is valid or invalid");
        }
    }

    /// <summary>
    /// Writes hook.conf; a hook that does not find it takes the defaults. And provider.env, which the provider's unit reads
    /// at each start; without it a start program does not spread its start.
    /// </summary>
    public void Publish()
    {
        string environment = Path.Combine(runDirectory, "provider.env");
        _providerTrouble.Write(environment, () => ReplacedFile.Write(environment, string.Create(
            CultureInfo.InvariantCulture, $"HOOKAGENT_START_JITTER_USEC={Current.StartJitter.Ticks / TimeSpan.TicksPerMicrosecond}\n")));
        string path = Path.Combine(runDirectory, "hook.conf");
        _trouble.Write(path, () => ReplacedFile.Write(path, new HookSettings(Current.HookTimeout, Current.PrologWait).Format()));
    }

    private string Files() => _files.Count > 0 ? string.Join(", ", _files) : "no file: all defaults";
}
