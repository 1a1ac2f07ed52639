namespace HookAgent.Daemon.Loop;

/// <summary>
/// Gives back to the system what the start or a burst of jobs took. .NET collects when something allocates, so a heap that
/// falls quiet keeps what it has. It is looked at when the watchdog is fed, because the agent is awake then: a wake-up of
/// its own would cost a job's processor more than the memory is worth.
/// </summary>
internal sealed class HeapTrim
{
    /// <summary>Collections of the first generation (128 KB each) that are worth a full one, of some milliseconds.</summary>
    private const int WorthIt = 4;

    private int _trimmedAt;
    private int _lastSeen;

    /// <summary>Now, however busy the agent is.</summary>
    public void Trim()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        _trimmedAt = _lastSeen = GC.CollectionCount(0);
    }

    /// <summary>If much was collected since the last time, and nothing since the last call.</summary>
    public void TrimWhenQuiet()
    {
        int collections = GC.CollectionCount(0);
        bool quiet = collections == _lastSeen;
        _lastSeen = collections;
        if (quiet && collections - _trimmedAt >= WorthIt)
        {
            Trim();
        }
    }
}
