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
        if (!HasForm(name) || IsWild(name))
        {
            return false;
        }

        // "@x.service" has no prefix; "x@.service" is a template, which cannot be started.
        ReadOnlySpan<char> stem = name[..^Suffix.Length];
        int at = stem.IndexOf('@');
        return stem.Length > 0 && at != 0 && at != stem.Length - 1;
    }

    /// <summary>Whether it stands for services by their names: "*" for any characters, "?" for one, and something beside them.</summary>
    public static bool IsPattern(ReadOnlySpan<char> name) =>
        IsWild(name) && HasForm(name) && name[..^Suffix.Length].ContainsAnyExcept('*', '?', '@');

    /// <summary>Whether it has what only a pattern has.</summary>
    public static bool IsWild(ReadOnlySpan<char> name) => name.ContainsAny('*', '?');

    /// <summary>
    /// Whether the pattern stands for this name, as systemd's ListUnitsByPatterns has it (fnmatch(3) of "*" and "?"). A backslash
    /// is a character of names: to FileSystemName.MatchesSimpleExpression it is an escape, but not behind a single leading star.
    /// </summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0;
        int star = -1;
        int taken = 0;
        for (int i = 0; i < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                taken = i;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                at = star + 1;
                i = ++taken;
            }
            else
            {
                return false;
            }
        }

        return !pattern[at..].ContainsAnyExcept('*');
    }

    private static bool HasForm(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxLength || !name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.' or '\\' or '@' or '*' or '?'))
            {
                return false;
            }
        }

        return true;
    }
}
