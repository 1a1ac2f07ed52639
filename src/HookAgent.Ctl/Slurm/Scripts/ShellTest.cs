using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>What "[ … ]" and "[[ … ]]" come to; null where that depends on the job.</summary>
internal sealed class ShellTest(SystemRoot root, ShellVariables variables)
{
    private static readonly string[] Joints = ["&&", "||", "-a", "-o"];

    /// <param name="words">What stands between the brackets.</param>
    public bool? Of(ReadOnlySpan<string> words)
    {
        for (int i = 1; i + 1 < words.Length; i++)
        {
            // Both brackets of "[[ a ]] && [[ b ]]" are tests of their own: only what is within one comes here.
            if (Joints.Contains(words[i]))
            {
                bool? one = Of(words[..i]);
                bool? other = Of(words[(i + 1)..]);
                return words[i] is "&&" or "-a" ? one & other : one | other;
            }
        }

        return words switch
        {
            ["!", .. var rest] => !Of(rest),
            [var word] => HasText(word),
            ["-n", var word] => HasText(word),
            ["-z", var word] => !HasText(word),
            [['-', var kind], var word] => OfFile(kind, word),
            [var one, "=" or "==", var other] => AreEqual(one, other),
            [var one, "!=", var other] => !AreEqual(one, other),
            _ => null,
        };
    }

    private bool? HasText(string word) => All(variables.Expand(word), static text =>
        text.AsSpan().Trim(ShellVariables.UnknownOrEmpty).Length > 0 ? true : text.Length == 0 ? false : null);

    private bool? OfFile(char kind, string word) => All(variables.Files(word), path =>
        !ShellVariables.IsKnown(path) ? null : Path.Combine(variables.Folder, path) is var full && kind switch
        {
            'e' or 'r' or 's' => root.IsFile(full) || root.IsFolder(full),
            'f' => root.IsFile(full),
            'd' => root.IsFolder(full),
            'x' => root.IsFolder(full) || root.IsExecutable(full) == true,
            _ => (bool?)null,
        } is var holds ? holds : null);

    private bool? AreEqual(string one, string other) => All(variables.Expand(one), text => All(variables.Expand(other), pattern =>
        ShellVariables.IsKnown(text) && ShellVariables.IsKnown(pattern) ? GlobPattern.Fits(pattern, text)
        : text.Length == 0 != (pattern.Length == 0) && (text + pattern).Contains(ShellVariables.Unknown) ? false : null));

    /// <summary>What holds of every value; null where they differ.</summary>
    private static bool? All(IEnumerable<string> values, Func<string, bool?> holds)
    {
        bool? all = null;
        bool isFirst = true;
        foreach (string value in values)
        {
            bool? one = holds(value);
            if (!isFirst && one != all)
            {
                return null;
            }

            (all, isFirst) = (one, false);
        }

        return all;
    }
}
