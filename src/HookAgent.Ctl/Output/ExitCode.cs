namespace HookAgent.Ctl.Output;

/// <summary>hookctl's exit codes, as --help lists them.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It failed; a sentence on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>Only of doctor: warnings, but no fault.</summary>
    public const int Warnings = 2;

    /// <summary>The command line is wrong: EX_USAGE of sysexits.h, so that no script takes it for a result.</summary>
    public const int Usage = 64;
}
