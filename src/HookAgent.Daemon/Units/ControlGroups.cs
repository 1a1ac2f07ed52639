namespace HookAgent.Daemon.Units;

/// <summary>What the kernel tells of control groups (cgroups(7)) as systemd names them, "/hookagent.slice/wasimoff-provider.service".</summary>
/// <param name="mount">Where they are mounted.</param>
internal sealed class ControlGroups(string mount)
{
    /// <summary>A unit with Delegate= (systemd.resource-control(5)) may make groups of its own, and have processes, without an end.</summary>
    private const int MostGroups = 1000;
    private const int MostProcesses = 10_000;

    /// <summary>
    /// The ids of its processes and of those of the groups below, as many as there are of both. Linux 6.19 does not name those
    /// any more of which all threads have begun to end.
    /// </summary>
    public HashSet<string> ProcessesOf(string group)
    {
        HashSet<string> processes = [];
        List<string> folders = [FolderOf(group)];
        for (int i = 0; i < folders.Count; i++)
        {
            // One that goes meanwhile, or is of threads alone, has none; the next may.
            string folder = folders[i];
            Attempt(() => processes.UnionWith(File.ReadLines(Path.Combine(folder, "cgroup.procs")).Take(MostProcesses - processes.Count)));
            Attempt(() => folders.AddRange(Directory.EnumerateDirectories(folder).Take(MostGroups - folders.Count)));
        }

        return processes;
    }

    /// <summary>Tells with each change how many of its processes the kernel has killed to get memory. Version 1 has no such file.</summary>
    public string MemoryEventsOf(string group) => Path.Combine(FolderOf(group), "memory.events");

    /// <summary>The line of <see cref="MemoryEventsOf"/> that counts them; empty where there is none.</summary>
    public string KillsIn(string group)
    {
        string line = "";
        Attempt(() => line = File.ReadLines(MemoryEventsOf(group)).FirstOrDefault(static line => line.StartsWith("oom_kill ", StringComparison.Ordinal), ""));
        return line;
    }

    /// <summary>systemd has its groups at the root of the mount, or, with those of version 1, in a hierarchy of its own.</summary>
    private string FolderOf(string group) =>
        Path.Combine(mount, File.Exists(Path.Combine(mount, "cgroup.controllers")) ? "." : "systemd", group.TrimStart('/'));

    private static void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // A group goes with its last process.
        }
    }
}
