namespace HookAgent.Core.Settings;

/// <summary>
/// Which names systemd would take for a service it can start: the rules of unit_name_is_valid() in
/// systemd's src/basic/unit-name.c, narrowed to plain and instance names of the type "service".
/// </summary>
public static class UnitName
{
    /// <summary>UNIT_NAME_MAX is 256 with the closing zero.</summary>
    public const int MaxLength = 255;

    private const string Suffix = ".service";

    public static bool IsService(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxLength || !name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> stem = name[..^Suffix.Length];
        foreach (char c in stem)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.' or '\\' or '@'))
            {
                return false;
            }
        }

        // "@x.service" has no prefix; "x@.service" is a template, which cannot be started.
        int at = stem.IndexOf('@');
        return stem.Length > 0 && at != 0 && at != stem.Length - 1;
    }
}
