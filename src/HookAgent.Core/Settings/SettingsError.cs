using System.Globalization;

namespace HookAgent.Core.Settings;

/// <summary>
/// One thing wrong in a settings file, for the administrator's eye: what was found and what is accepted.
/// </summary>
/// <param name="File">The file's path as it was opened.</param>
/// <param name="Line">Counted from 1, where the assignment begins; 0 where the file as a whole is meant.</param>
/// <param name="Message">A sentence without file and line.</param>
public sealed record SettingsError(string File, int Line, string Message)
{
    /// <summary>"file:line: message", as compilers write it and editors jump to.</summary>
    public override string ToString() => Line > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {Message}")
        : $"{File}: {Message}";
}
