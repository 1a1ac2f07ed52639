namespace HookAgent.Ctl.Host;

/// <summary>The mounts that a process sees (proc_pid_mountinfo(5)).</summary>
internal static class MountTable
{
    private const int MountPoint = 4;
    private const int Options = 5;

    /// <summary>The mount point of a path, if no program on it can be run; null where that is not so or not known.</summary>
    /// <param name="process">The process that would run it; null for this one.</param>
    /// <param name="path">Without links.</param>
    public static string? IsNoexec(SystemRoot root, int? process, string path)
    {
        string? found = null;
        bool isNoexec = false;
        foreach (string[] fields in Lines(root.TryReadText($"/proc/{process}/mountinfo", out _) ?? root.TryReadText("/proc/self/mountinfo", out _) ?? ""))
        {
            string point = Point(fields);
            bool holds = point == "/" || path == point || path.StartsWith($"{point}/", StringComparison.Ordinal);

            // The later of two at one place lies above the earlier.
            if (holds && point.Length >= (found?.Length ?? 0))
            {
                (found, isNoexec) = (point, fields[Options].Split(',').Contains("noexec"));
            }
        }

        return isNoexec ? found : null;
    }

    /// <summary>
    /// The options of the file system itself that a process sees at a mount point: the last of the line; none where none is
    /// mounted there. Null where the table cannot be read: that of another's process only root may read.
    /// </summary>
    public static IReadOnlyList<string>? FileSystemOptions(SystemRoot root, int? process, string point) =>
        root.TryReadText($"/proc/{(process is { } id ? $"{id}" : "self")}/mountinfo", out _) is not { } table ? null
        : Lines(table).LastOrDefault(fields => Point(fields) == point) is [.., var options] ? options.Split(',') : [];

    private static IEnumerable<string[]> Lines(string table) =>
        table.Split('\n').Select(static line => line.Split(' ')).Where(static fields => fields.Length > Options);

    private static string Point(string[] fields) => fields[MountPoint].Replace("\\040", " ", StringComparison.Ordinal);
}
