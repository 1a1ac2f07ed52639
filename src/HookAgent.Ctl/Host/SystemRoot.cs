using System.Text;
using HookAgent.Core.Linux;
using HookAgent.Core.Text;

namespace HookAgent.Ctl.Host;

/// <summary>The files of a node, by the paths it knows them by, wherever its "/" lies.</summary>
/// <param name="root">The folder that stands for "/". Absolute links below it are followed within it.</param>
internal sealed class SystemRoot(string root)
{
    /// <summary>As many links as the kernel follows (path_resolution(7)).</summary>
    private const int MostLinks = 40;

    private const int MostBytes = 1 << 22;

    /// <summary>Where a path of the node lies.</summary>
    public string Real(string path) => root == "/" ? path : Path.Join(root, path);

    /// <summary>The text of a file, with a byte order mark as its first character; null, and why, where it cannot be read.</summary>
    public string? TryReadText(string path, out string? problem)
    {
        problem = null;
        try
        {
            FileInfo file = new(Real(Resolve(path)));
            if (file.Exists && file.Length > MostBytes)
            {
                problem = "it is far too large";
                return null;
            }

            return Encoding.UTF8.GetString(File.ReadAllBytes(file.FullName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = failure switch
            {
                UnauthorizedAccessException => "only root may read it",
                _ => FileFailure.Words(failure),
            };
            return null;
        }
    }

    /// <summary>
    /// When the file was last written, renamed into place or otherwise changed (ctime, which unlike mtime nobody sets);
    /// in UTC. Null where it is not there.
    /// </summary>
    public unsafe DateTime? Changed(string path)
    {
        FileStatus status;
        fixed (byte* name = Encoding.UTF8.GetBytes(Real(Resolve(path)) + '\0'))
        {
            return Libc.StatX(Libc.CurrentDirectory, name, 0, FileStatus.ChangeTime, &status) < 0
                ? null
                : DateTime.UnixEpoch.AddSeconds(status.ChangedSeconds).AddTicks(status.ChangedNanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    public bool IsFile(string path) => File.Exists(Real(Resolve(path)));

    public bool IsFolder(string path) => Directory.Exists(Real(Resolve(path)));

    /// <summary>Whether anybody may run it, as access modes go; null where it is not there or cannot be looked at.</summary>
    public bool? IsExecutable(string path)
    {
        string resolved = Real(Resolve(path));
        try
        {
            const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            return File.Exists(resolved) ? (File.GetUnixFileMode(resolved) & execute) != 0 : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether others than its owner may write it.</summary>
    public bool IsWritableByOthers(string path) =>
        File.GetUnixFileMode(Real(Resolve(path))) is var mode && (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    /// <summary>The path without links, "." and "..", as the node resolves it; beyond <see cref="MostLinks"/> links stay.</summary>
    public string Resolve(string path)
    {
        string done = "/";
        Stack<string> parts = new(Parts(path));
        for (int links = 0; parts.TryPop(out string? part);)
        {
            string next = part == ".." ? Path.GetDirectoryName(done) ?? "/" : Path.Join(done, part);
            if (part == ".." || links == MostLinks || LinkTarget(next) is not { } target)
            {
                done = next;
                continue;
            }

            links++;
            done = target.StartsWith('/') ? "/" : done;
            foreach (string inner in Parts(target))
            {
                parts.Push(inner);
            }
        }

        return done;
    }

    /// <summary>
    /// The paths that an absolute glob(7) pattern fits, sorted, with wildcards in any of its parts; without wildcards the
    /// path itself, if something is there.
    /// </summary>
    public IReadOnlyList<string> Glob(string pattern)
    {
        if (!GlobPattern.HasWildcards(pattern))
        {
            return Path.Exists(Real(Resolve(pattern))) || LinkTarget(pattern) is not null ? [pattern] : [];
        }

        List<string> found = ["/"];
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (string part in parts)
        {
            found = [.. found.SelectMany(folder => GlobPattern.HasWildcards(part) ? Fitting(folder, part) : [Path.Combine(folder, part)])];
        }

        return GlobPattern.HasWildcards(parts[^1]) ? found : [.. found.Where(path => Path.Exists(Real(Resolve(path))) || LinkTarget(path) is not null)];
    }

    /// <summary>What of a folder fits; a name that begins with a dot is not fitted by a wildcard (glob(7)).</summary>
    private IEnumerable<string> Fitting(string folder, string pattern)
    {
        try
        {
            return
            [
                .. new DirectoryInfo(Real(Resolve(folder))).EnumerateFileSystemInfos()
                    .Select(static entry => entry.Name)
                    .Where(name => (pattern[0] == '.' || name[0] != '.') && GlobPattern.Fits(pattern, name))
                    .Order(StringComparer.Ordinal)
                    .Select(name => Path.Combine(folder, name)),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(Real(path)).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The names of a path, the last one first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".").Reverse();
}
