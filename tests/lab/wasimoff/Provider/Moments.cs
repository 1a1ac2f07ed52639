namespace HookAgent.Wasimoff.Provider;

/// <summary>When the real provider does what, counted from its start; measured with two workers under Deno.</summary>
internal static class Moments
{
    /// <summary>It asks for the broker, and exits if there is none.</summary>
    public static readonly TimeSpan Asks = TimeSpan.FromMilliseconds(180);

    /// <summary>Until here a SIGTERM kills it like any program.</summary>
    public static readonly TimeSpan HearsSignals = TimeSpan.FromMilliseconds(300);

    /// <summary>It connects; within 0.4 to 0.6 s it is ready.</summary>
    public static readonly TimeSpan Connects = TimeSpan.FromMilliseconds(430);

    /// <summary>How long it lets its tasks finish after the first SIGTERM.</summary>
    public static readonly TimeSpan Drains = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries to reach a broker that is lost: it is back 2 to 3 s later.</summary>
    public static readonly TimeSpan Retries = TimeSpan.FromSeconds(2.2);
}
