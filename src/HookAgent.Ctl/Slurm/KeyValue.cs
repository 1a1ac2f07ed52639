namespace HookAgent.Ctl.Slurm;

/// <summary>The first "key=value" of a text, and what follows it, as the expression of
/// src/common/parse_config.c reads it: blanks may stand around the "=", a value may be in double quotes and is not empty.</summary>
internal readonly record struct KeyValue(string Key, string Value, string Rest)
{
    /// <summary>Reads one; false where the text does not begin with one.</summary>
    public static bool TryRead(string text, out KeyValue pair)
    {
        pair = default;
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart();
        int length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '_' or '.'))
        {
            length++;
        }

        ReadOnlySpan<char> key = rest[..length];
        rest = rest[length..].TrimStart();
        // "+=" and the like are written in some of Slurm's files.
        rest = rest.StartsWith("=") || rest.Length < 2 ? rest : rest[0] is '-' or '*' or '+' or '/' ? rest[1..] : rest;
        if (key.IsEmpty || !rest.StartsWith("="))
        {
            return false;
        }

        rest = rest[1..].TrimStart();
        int end = rest.StartsWith("\"") ? rest[1..].IndexOf('"') : -1;
        if (end >= 0 && (end + 2 == rest.Length || char.IsWhiteSpace(rest[end + 2])))
        {
            pair = new KeyValue(key.ToString(), rest[1..(end + 1)].ToString(), rest[(end + 2)..].Trim().ToString());
            return true;
        }

        // Quotes that end before the value does are a part of it.
        end = rest.IndexOfAny(' ', '\t');
        end = end < 0 ? rest.Length : end;
        pair = new KeyValue(key.ToString(), rest[..end].ToString(), rest[end..].Trim().ToString());
        return end > 0;
    }

    /// <summary>The value of one of the keys in a line's rest; null where it is not there.</summary>
    public static string? Find(string rest, string key)
    {
        while (TryRead(rest, out KeyValue pair))
        {
            if (pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return pair.Value;
            }

            rest = pair.Rest;
        }

        return null;
    }
}
