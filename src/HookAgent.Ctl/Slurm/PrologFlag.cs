namespace HookAgent.Ctl.Slurm;

/// <summary>The words of PrologFlags= (prolog_str2flags() of src/common/read_config.c), by the release that brought them.</summary>
internal static class PrologFlag
{
    private static readonly SlurmVersion Never = new(int.MaxValue, 0);

    /// <summary>Each with the release that brought it, and the one from which it implies Alloc.</summary>
    private static readonly (string Name, SlurmVersion Since, SlurmVersion Allocates)[] Known =
    [
        ("Alloc", default, default), ("Contain", default, default), ("X11", default, default), ("NoHold", default, default), ("Serial", default, Never),
        ("DeferBatch", default, new(26, 5)), ("ForceRequeueOnFail", new(23, 2), new(23, 2)), ("RunInJob", new(24, 5), new(24, 5)),
    ];

    /// <summary>Whether it has the Prolog run when a job is given the node, and not at its first step; in doubt not.</summary>
    public static bool Allocates(string flag, SlurmVersion? version) =>
        Known.Any(known => Is(known.Name, flag) && (version is { } release ? release.IsAtLeast(known.Allocates.Year, known.Allocates.Month) : known.Allocates.Year < 26));

    /// <summary>Whether a release knows it; one that is not known knows all.</summary>
    public static bool IsKnown(string flag, SlurmVersion? version) =>
        Known.Any(known => Is(known.Name, flag) && version?.IsAtLeast(known.Since.Year, known.Since.Month) != false);

    /// <summary>Why flags that are all known are refused together, or with the cluster's process tracking; null where they are not.</summary>
    public static string? Conflict(IReadOnlyList<string> flags, string? proctrack)
    {
        bool Has(string name) => flags.Any(flag => Is(name, flag));
        return Has("NoHold") && (Has("Contain") || Has("X11") || Has("RunInJob")) ? "NoHold does not go with Contain, X11 or RunInJob"
            : Has("X11") && proctrack == "proctrack/linuxproc" ? "X11 does not go with ProctrackType=proctrack/linuxproc"
            : null;
    }

    /// <summary>The flags without the one that has less to say: NoHold, or X11 without what it needs.</summary>
    public static IReadOnlyList<string> WithoutConflict(IReadOnlyList<string> flags) =>
        [.. flags.Where(flag => !Is(flags.Any(static one => Is("NoHold", one)) ? "NoHold" : "X11", flag))];

    private static bool Is(string name, string flag) => name.Equals(flag, StringComparison.OrdinalIgnoreCase);
}
