namespace HookAgent.Wasimoff.Provider;

/// <summary>When the real provider does what, counted from its start; measured under Deno on two processors.</summary>
internal static class Moments
{
    /// <summary>It asks for the broker, and exits if there is none.</summary>
    public static readonly TimeSpan Connects = TimeSpan.FromMilliseconds(180);

    /// <summary>How long it lets its tasks finish after the first SIGTERM.</summary>
    public static readonly TimeSpan Drains = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries to reach a broker that is lost: it is back 2 to 3 s later.</summary>
    public static readonly TimeSpan Retries = TimeSpan.FromSeconds(2.2);

    // The first two, on a processor each; and each further one. 2 are up after 0.45 s, 64 after 18 s.
    private static readonly TimeSpan s_earlyWorker = TimeSpan.FromMilliseconds(135);
    private static readonly TimeSpan s_worker = TimeSpan.FromMilliseconds(283);

    /// <summary>
    /// When this many workers are up: it starts them one after another. With the last of them it begins to work, and to
    /// hear signals; until then a SIGTERM kills it like any program.
    /// </summary>
    public static TimeSpan Up(int workers) =>
        Connects + (Math.Min(workers, 2) * s_earlyWorker) + (Math.Max(workers - 2, 0) * s_worker);
}
