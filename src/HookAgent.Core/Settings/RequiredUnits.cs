namespace HookAgent.Core.Settings;

/// <summary>
/// The value of RequireUnit=: names of services and patterns of them, separated by blanks. A pattern stands for all services
/// of such a name that systemd has loaded, and for at least one.
/// </summary>
public static class RequiredUnits
{
    /// <summary>More than these no host's slurmd have; each is asked for whenever anything changes.</summary>
    public const int Most = 32;

    /// <summary>The value with single blanks, each word once; null where a word is neither, or there are too many.</summary>
    public static string? Normalize(string value)
    {
        string[] words = [.. Words(value).Distinct(StringComparer.Ordinal)];
        return words.Length <= Most && words.All(static word => UnitName.IsService(word) || UnitName.IsPattern(word)) ? string.Join(' ', words) : null;
    }

    public static string[] Words(string? value) =>
        value?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Whether a word is the unit's name, or a pattern of it.</summary>
    public static bool Cover(string? value, string unit) => Words(value).Any(word => UnitName.Matches(word, unit));

    /// <summary>Whether more than one unit may be meant.</summary>
    public static bool AreSeveral(string value) => UnitName.IsWild(value) || value.Contains(' ', StringComparison.Ordinal);
}
