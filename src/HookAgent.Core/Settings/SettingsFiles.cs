namespace HookAgent.Core.Settings;

/// <summary>
/// Which files make up the settings, found as systemd finds its own, so that
/// "systemd-analyze cat-config hookagent/hookagent.conf" shows the same ones. The rules are those of
/// "Configuration Directories and Precedence" in systemd-system.conf(5): the main file is the first one found
/// in the folders below; then come all drop-ins sorted by file name, wherever they lie, and of two with one
/// name the one from the earlier folder counts. So an empty file, or a link to /dev/null, hides a file of its
/// name in the later folders.
/// </summary>
internal static class SettingsFiles
{
    private const string Main = "hookagent.conf";

    /// <summary>Highest precedence first.</summary>
    private static readonly string[] Folders =
        ["etc/hookagent", "run/hookagent", "usr/local/lib/hookagent", "usr/lib/hookagent"];

    /// <summary>The paths to read, in this order; each existed, but need not be readable.</summary>
    /// <param name="root">The folder that stands for "/". Absolute links inside it are not re-rooted.</param>
    /// <exception cref="IOException">A drop-in folder is there but cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">As above, for want of permission.</exception>
    public static IReadOnlyList<string> Find(string root)
    {
        List<string> found = [];
        string? main = Folders.Select(folder => Path.Combine(root, folder, Main)).FirstOrDefault(IsThere);
        if (main is not null)
        {
            found.Add(main);
        }

        SortedDictionary<string, string> dropIns = new(StringComparer.Ordinal);
        foreach (string folder in Folders)
        {
            string path = Path.Combine(root, folder, $"{Main}.d");
            if (IsThere(path))
            {
                foreach (string file in Directory.EnumerateFileSystemEntries(path, "*", Everything))
                {
                    string name = Path.GetFileName(file);
                    if (name.EndsWith(".conf", StringComparison.Ordinal) && !name.StartsWith('.'))
                    {
                        dropIns.TryAdd(name, file);
                    }
                }
            }
        }

        found.AddRange(dropIns.Values);
        return found;
    }

    private static EnumerationOptions Everything => new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>Whether the name exists, be it a link to nowhere: that is an error to tell, not to pass over.</summary>
    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}
