namespace HookAgent.Ctl.Arguments;

/// <summary>What hookctl exits with, as its --help says.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It could not do or find out what it was asked to; a sentence on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>doctor alone: nothing is broken, but something will cause trouble.</summary>
    public const int Warnings = 2;

    /// <summary>The command line is wrong: EX_USAGE of sysexits.h, so that it is never taken for an outcome.</summary>
    public const int Usage = 64;
}
