namespace HookAgent.Core.Node;

/// <summary>
/// A start of the provider that cost the node something and gave nothing: it was stopped again for a job, or by an
/// operator, before it can have been of use. The one definition, for the bus, the metrics and <c>hookctl report</c>.
/// </summary>
public static class UselessStart
{
    /// <summary>
    /// The real provider is ready about half a second after its start and has its first task as long after; a task
    /// then has to run long enough to be worth the start. Ten seconds are also the default StopGrace, the longest
    /// that such a task is waited for.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <param name="lent">
    /// How long the provider had been up when its stop was asked for: zero where its start was cancelled, null where
    /// nobody knows.
    /// </param>
    public static bool Is(TimeSpan? lent) => lent < Limit;
}
