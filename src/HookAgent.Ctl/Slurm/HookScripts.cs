using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>The programs that a value of Prolog= or Epilog= stands for, and which of them run the hook.</summary>
internal static class HookScripts
{
    /// <summary>How deep scripts that run scripts are followed. It also ends circles.</summary>
    private const int Deepest = 3;

    /// <summary>Where the package puts the hook.</summary>
    public const string HookPath = "/usr/libexec/hookagent/slurm-hook";

    private static readonly string HookFolder = Path.GetDirectoryName(HookPath)!;
    private static readonly string HookName = $"/{Path.GetFileName(HookPath)}";

    /// <summary>What ends a path in the line of a shell.</summary>
    private static readonly char[] BetweenPaths = [' ', '\t', '"', '\'', ';', '&', '|', '(', ')', '<', '>', '=', ':', '`', ','];

    /// <summary>The programs that are there, in the order of their names.</summary>
    /// <param name="value">A path or a glob(7) pattern.</param>
    /// <param name="folder">That of the slurm.conf, for a path that is not absolute.</param>
    public static IReadOnlyList<string> Of(SystemRoot root, string value, string folder) => root.Glob(Path.Combine(folder, value));

    /// <summary>
    /// The hook itself, a link to it, or a script with a line that is no comment and names it, or that names another
    /// script, or a folder of scripts as run-parts(8) takes it, of which one does.
    /// </summary>
    public static bool RunsHook(SystemRoot root, string script) => RunsHook(root, script, 0);

    private static bool RunsHook(SystemRoot root, string script, int depth)
    {
        if (root.Resolve(script) == HookPath)
        {
            return true;
        }

        if (root.TryReadText(script, out _) is not { } text || !text.StartsWith("#!", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string line in text.Split('\n').Where(static line => !line.TrimStart().StartsWith('#')))
        {
            foreach (string word in line.Split(BetweenPaths, StringSplitOptions.RemoveEmptyEntries).Where(static word => word.StartsWith('/')))
            {
                string pattern = word.EndsWith(".d", StringComparison.Ordinal) || word.EndsWith(".d/", StringComparison.Ordinal) ? $"{word}/*" : word;
                if (root.Resolve(word) == HookPath || (depth < Deepest && root.Glob(pattern).Any(named => RunsHook(root, named, depth + 1))))
                {
                    return true;
                }
            }

            // The folder may be in a variable.
            if (line.Contains(HookName, StringComparison.Ordinal) && text.Contains(HookFolder, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
