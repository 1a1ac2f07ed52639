using System.Collections.Concurrent;
using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Provider;

/// <summary>Runs tasks, so many at a time; the others wait for a worker.</summary>
internal sealed class WorkerPool(int workers) : IDisposable
{
    private readonly SemaphoreSlim _free = new(workers);
    private readonly ConcurrentDictionary<long, WorkItem> _active = new();
    private TaskCompletionSource _empty = Completed();
    private readonly Lock _one = new();

    /// <summary>The tasks it has, running or waiting.</summary>
    public IReadOnlyList<long> Active => [.. _active.Keys.Order()];

    /// <summary>Ends when it has none.</summary>
    public Task EmptyAsync()
    {
        lock (_one)
        {
            return _empty.Task;
        }
    }

    public async Task RunAsync(WorkItem item)
    {
        lock (_one)
        {
            if (_active.IsEmpty)
            {
                _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _active[item.Id] = item;
        }

        await _free.WaitAsync();
        nint memory = Ballast.Hold(item.Mebibytes);
        await Task.Delay(item.Milliseconds);
        Ballast.Release(memory);
        _free.Release();
    }

    /// <summary>Once its result has been sent.</summary>
    public void Forget(WorkItem item)
    {
        lock (_one)
        {
            _active.TryRemove(item.Id, out _);
            if (_active.IsEmpty)
            {
                _empty.TrySetResult();
            }
        }
    }

    public void Dispose() => _free.Dispose();

    private static TaskCompletionSource Completed()
    {
        TaskCompletionSource source = new();
        source.SetResult();
        return source;
    }
}
