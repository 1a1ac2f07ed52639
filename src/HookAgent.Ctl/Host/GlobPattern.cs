namespace HookAgent.Ctl.Host;

/// <summary>A name's pattern as glob(7) and the shell have it: "*", "?", "[a-z]", "[!a-z]", and a backslash before what stands for itself.</summary>
internal static class GlobPattern
{
    public static bool HasWildcards(ReadOnlySpan<char> text) => text.IndexOfAny('*', '?', '[') >= 0;

    /// <summary>Whether a whole name fits.</summary>
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (!pattern.IsEmpty)
        {
            switch (pattern[0])
            {
                case '*':
                    for (int skipped = 0; skipped <= name.Length; skipped++)
                    {
                        if (Fits(pattern[1..], name[skipped..]))
                        {
                            return true;
                        }
                    }

                    return false;
                case '[' when ClassEnd(pattern) is > 0 and var end:
                    if (name.IsEmpty || !ClassHas(pattern[1..end], name[0]))
                    {
                        return false;
                    }

                    pattern = pattern[(end + 1)..];
                    name = name[1..];
                    continue;
                case '\\' when pattern.Length > 1:
                    pattern = pattern[1..];
                    break;
                case '?' when !name.IsEmpty:
                    pattern = pattern[1..];
                    name = name[1..];
                    continue;
            }

            if (name.IsEmpty || name[0] != pattern[0])
            {
                return false;
            }

            pattern = pattern[1..];
            name = name[1..];
        }

        return name.IsEmpty;
    }

    /// <summary>Where the bracket closes; a "]" right behind the opening stands for itself. -1 where it does not.</summary>
    private static int ClassEnd(ReadOnlySpan<char> pattern)
    {
        int from = pattern.Length > 1 && pattern[1] is '!' or '^' ? 3 : 2;
        return pattern.Length > from && pattern[from..].IndexOf(']') is >= 0 and var at ? from + at : -1;
    }

    private static bool ClassHas(ReadOnlySpan<char> members, char wanted)
    {
        bool negated = members[0] is '!' or '^';
        bool has = false;
        for (int i = negated ? 1 : 0; i < members.Length; i++)
        {
            bool isRange = i + 2 < members.Length && members[i + 1] == '-';
            has |= isRange ? wanted >= members[i] && wanted <= members[i + 2] : wanted == members[i];
            i += isRange ? 2 : 0;
        }

        return has != negated;
    }
}
