namespace HookAgent.Ctl.Doctor;

/// <summary>A process, by proc_pid_status(5) and cgroups(7).</summary>
internal sealed class UnitProcess
{
    public required string Id { get; init; }

    public required string Parent { get; init; }

    public required string Name { get; init; }

    /// <summary>Its real and its effective user id.</summary>
    public required string[] Users { get; init; }

    /// <summary>Its path below the mount point of the control groups that systemd uses.</summary>
    public required string ControlGroup { get; init; }

    public bool IsIn(string group) => ControlGroup == group || ControlGroup.StartsWith($"{group}/", StringComparison.Ordinal);

    /// <param name="folder">Its folder in procfs.</param>
    /// <returns>Null for what is no process, is gone, or may not be seen.</returns>
    public static UnitProcess? Read(string folder)
    {
        string id = Path.GetFileName(folder);
        if (!char.IsAsciiDigit(id[0]))
        {
            return null;
        }

        try
        {
            string[] status = File.ReadAllLines(Path.Combine(folder, "status"));
            string[] groups = File.ReadAllLines(Path.Combine(folder, "cgroup"));

            // Without cgroup2 there may be a line of it all the same, in which every process is in "/".
            string? group = Array.Find(groups, static line => line.StartsWith("0::/", StringComparison.Ordinal) && line.Length > 4)
                ?? Array.Find(groups, static line => line.Contains(":name=systemd:", StringComparison.Ordinal));
            return new UnitProcess
            {
                Id = id,
                Parent = Field("PPid"),
                Name = Field("Name"),
                Users = Field("Uid").Split('\t')[..2],
                ControlGroup = group?[group.IndexOf(":/", StringComparison.Ordinal)..][1..] ?? "/",
            };

            string Field(string name) => Array.Find(status, line => line.StartsWith($"{name}:\t", StringComparison.Ordinal))![(name.Length + 2)..];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>
/// The processes of a unit: those in its control group, and those elsewhere that are children of them or belong to one of
/// their users. Root does not count as such a user: it has processes everywhere.
/// </summary>
internal sealed class UnitProcesses
{
    private const string Root = "0";

    /// <summary>A service of its own that runs as the provider's user; it may be on the same node.</summary>
    private const string Broker = "/wasimoff-broker.service";

    /// <summary>Whether any is in the control group.</summary>
    public bool HasAny { get; private init; }

    /// <summary>Whether all of those are root's.</summary>
    public bool AreRoots { get; private init; }

    public required IReadOnlyList<UnitProcess> Outside { get; init; }

    /// <param name="proc">Where procfs is mounted.</param>
    public static UnitProcesses Of(string proc, string controlGroup)
    {
        UnitProcess[] all = [.. Directory.EnumerateDirectories(proc).Select(UnitProcess.Read).OfType<UnitProcess>()];
        UnitProcess[] inside = Array.FindAll(all, process => process.IsIn(controlGroup));
        string[] users = [.. inside.SelectMany(static process => process.Users).Where(static user => user != Root)];
        HashSet<string> family = [.. inside.Select(static process => process.Id)];

        // Children, theirs, and so on: one more generation a turn, until there is none.
        for (int known = -1; known < family.Count;)
        {
            known = family.Count;
            family.UnionWith(all.Where(process => family.Contains(process.Parent)).Select(static process => process.Id).ToArray());
        }

        return new UnitProcesses
        {
            HasAny = inside.Length > 0,
            AreRoots = users.Length == 0,
            Outside = Array.FindAll(all, process => !process.IsIn(controlGroup)
                && (family.Contains(process.Id) || (process.Users.Any(users.Contains) && !process.ControlGroup.EndsWith(Broker, StringComparison.Ordinal)))),
        };
    }
}
