namespace HookAgent.Ctl.Slurm;

/// <summary>The words of PrologFlags= (prolog_str2flags() of src/common/read_config.c), by the release that brought them.</summary>
internal static class PrologFlag
{
    /// <summary>Whether it has the Prolog run when a job is given the node, and not at its first step; in doubt not.</summary>
    public static bool Allocates(string flag, SlurmVersion? version) => flag.ToUpperInvariant() switch
    {
        "ALLOC" or "CONTAIN" or "X11" or "NOHOLD" => true,
        "FORCEREQUEUEONFAIL" => version?.IsAtLeast(23, 2) != false,
        "RUNINJOB" => version?.IsAtLeast(24, 5) != false,
        "DEFERBATCH" => version?.IsAtLeast(26, 5) == true,
        _ => false,
    };

    /// <summary>Whether a release knows it; one that is not known knows all.</summary>
    public static bool IsKnown(string flag, SlurmVersion? version) => flag.ToUpperInvariant() switch
    {
        "ALLOC" or "CONTAIN" or "X11" or "NOHOLD" or "SERIAL" or "DEFERBATCH" => true,
        "FORCEREQUEUEONFAIL" => version?.IsAtLeast(23, 2) != false,
        "RUNINJOB" => version?.IsAtLeast(24, 5) != false,
        _ => false,
    };

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
