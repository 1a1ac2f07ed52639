namespace HookAgent.Core.Settings;

/// <summary>What came of reading the settings: all of them, or all that is wrong with them.</summary>
public abstract record SettingsResult
{
    private SettingsResult()
    {
    }

    /// <param name="Settings">The settings, each within its range.</param>
    /// <param name="Files">The files that were read, in the order in which they were applied.</param>
    public sealed record Valid(AgentSettings Settings, IReadOnlyList<string> Files) : SettingsResult;

    /// <param name="Errors">At least one, in the order of files and lines.</param>
    public sealed record Invalid(IReadOnlyList<SettingsError> Errors) : SettingsResult;
}
