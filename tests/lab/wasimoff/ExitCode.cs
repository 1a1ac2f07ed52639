namespace HookAgent.Wasimoff;

/// <summary>How the programs end, as the real ones do.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The broker cannot be reached, tasks were lost, or the address to listen at is taken.</summary>
    public const int Failed = 1;

    public const int Usage = 2;
}
