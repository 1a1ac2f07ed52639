using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>What run-parts(8) of Debian runs: names of letters, digits, "_" and "-" alone, unless told otherwise.</summary>
internal static class RunParts
{
    /// <param name="arguments">Its command line: options, and a folder.</param>
    public static IEnumerable<string> Of(SystemRoot root, IReadOnlyList<string> arguments)
    {
        string? folder = arguments.LastOrDefault(static word => word.StartsWith('/'));
        if (folder is null || arguments.Contains("--test") || arguments.Contains("--list"))
        {
            return [];
        }

        // With names of its own all are taken: a regular expression that does not fit the hook's link is rare.
        bool hasOwnNames = arguments.Any(static word => word.StartsWith("--regex", StringComparison.Ordinal) || word == "--lsbsysinit");
        return root.Glob($"{folder.TrimEnd('/')}/*").Where(path => (hasOwnNames || Path.GetFileName(path).All(static sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-'))
            && root.IsExecutable(path) == true);
    }
}
