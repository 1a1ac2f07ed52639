namespace HookAgent.Bus.Tests.Harness;

/// <summary>
/// Work that waits, on a thread of its own: the pool has two threads on a small machine, and gives another one out after half
/// a second at the soonest.
/// </summary>
internal static class OwnThread
{
    public static Task<T> Run<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
