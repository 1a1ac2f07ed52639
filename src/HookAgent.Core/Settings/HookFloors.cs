namespace HookAgent.Core.Settings;

/// <summary>
/// What slurm-hook must be given to reach its own first instruction, from which on it exits 0 whatever happens. The
/// hook lifts what it may of its own limits, which root with CAP_SYS_RESOURCE always may; the first three hold where
/// it may not. The same numbers stand in slurm-hook(8); a test holds them against the program.
/// </summary>
public static class HookFloors
{
    /// <summary>RLIMIT_AS, in bytes: 32 MiB.</summary>
    public const long AddressSpaceBytes = 32L << 20;

    /// <summary>The same on arm64, whose heap is 240 MiB larger for the sake of pages of 64 KiB (SmallRuntime.props): 288 MiB.</summary>
    public const long AddressSpaceBytesOnArm64 = 288L << 20;

    /// <summary>RLIMIT_DATA, in bytes: 4 MiB.</summary>
    public const long DataBytes = 4L << 20;

    /// <summary>RLIMIT_STACK, in bytes: 128 KiB.</summary>
    public const long StackBytes = 128L << 10;

    /// <summary>RLIMIT_NOFILE: standard input, output and error, and one for the record. Not lifted.</summary>
    public const int OpenFiles = 4;

    /// <summary>Processes and threads that the hook takes of RLIMIT_NPROC, pids.max or TasksMax. Not lifted.</summary>
    public const int Threads = 2;
}
