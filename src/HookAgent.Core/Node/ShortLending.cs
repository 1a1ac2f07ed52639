namespace HookAgent.Core.Node;

/// <summary>
/// A start of the provider that was stopped again, for a job or by an operator, before it can have been of use. The one
/// definition, for the bus, the metrics and <c>hookctl report</c>. It is a guess from the time alone: what a Wasimoff
/// provider did with its time, <c>hookctl report</c> reads from the provider's own journal.
/// </summary>
public static class ShortLending
{
    /// <summary>
    /// The real provider (Wasimoff of 2025-09, two workers) is connected 0.45 s after its start and has its first task
    /// 0.6 s after the decision to lend; within two seconds it has completed tasks of up to a second.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <param name="lent">
    /// How long the provider had been up when its stop was asked for: zero where its start was cancelled, null where
    /// nobody knows.
    /// </param>
    public static bool Is(TimeSpan? lent) => lent < Limit;
}
