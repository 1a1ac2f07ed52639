using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>One life of the stand-in provider, from its own stamps.</summary>
/// <param name="Start">Its first instruction.</param>
/// <param name="Ready">When it could have taken tasks; null if it never came that far.</param>
/// <param name="Term">Its first SIGTERM.</param>
/// <param name="End">Its last instruction, if it was not killed.</param>
/// <param name="LastAlive">The last moment it is known to have lived, to 20 ms.</param>
internal sealed record ProviderRun(int Pid, BootTime Start, BootTime? Ready, BootTime? Term, BootTime? End, BootTime? LastAlive)
{
    public bool Ended => End is not null;

    /// <summary>
    /// From its first instruction to the last, or, if it was killed or still runs, to its last sign of life. One that
    /// was killed before its first sign of life lived for no time.
    /// </summary>
    public Interval Life => new(Start, End ?? LastAlive ?? Start);
}
