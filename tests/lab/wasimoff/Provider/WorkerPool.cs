using System.Diagnostics;
using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Provider;

/// <summary>Workers with a task each. They come one after another, and when the pool drains each goes with its task.</summary>
/// <param name="resized">Is told how many there are each time that changes, and before the end of a task is told.</param>
internal sealed class WorkerPool(Action<int> resized)
{
    private readonly Lock _one = new();
    private readonly List<RunningTask> _running = [];
    private readonly Queue<(WorkItem Item, Action Done)> _waiting = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _size;
    private bool _draining;

    /// <summary>What a worker does at this moment.</summary>
    internal sealed record RunningTask(int Worker, WorkItem Item, DateTimeOffset Started, long Stamp)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(Stamp);
    }

    public int Size
    {
        get
        {
            lock (_one)
            {
                return _size;
            }
        }
    }

    /// <summary>By worker.</summary>
    public IReadOnlyList<RunningTask> Running
    {
        get
        {
            lock (_one)
            {
                return [.. _running.OrderBy(static task => task.Worker)];
            }
        }
    }

    public void AddWorker()
    {
        lock (_one)
        {
            _size++;
            resized(_size);
            StartNext();
        }
    }

    /// <summary>Done is called when its result may be sent. A task that finds the pool draining waits in vain.</summary>
    public void Run(WorkItem item, Action done)
    {
        lock (_one)
        {
            _waiting.Enqueue((item, done));
            StartNext();
        }
    }

    /// <summary>Idle workers go at once. Ends when the last one has gone.</summary>
    public Task DrainAsync()
    {
        lock (_one)
        {
            _draining = true;
            Resize(_running.Count);
            return _empty.Task;
        }
    }

    private void StartNext()
    {
        while (!_draining && _running.Count < _size && _waiting.TryDequeue(out (WorkItem Item, Action Done) next))
        {
            int worker = Enumerable.Range(0, _size).First(index => _running.All(task => task.Worker != index));
            RunningTask task = new(worker, next.Item, DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
            _running.Add(task);
            _ = WorkAsync(task, next.Done);
        }
    }

    private async Task WorkAsync(RunningTask task, Action done)
    {
        nint memory = Ballast.Hold(task.Item.Mebibytes);
        await Task.Delay(task.Item.Milliseconds);
        Ballast.Release(memory);
        lock (_one)
        {
            _running.Remove(task);
            if (_draining)
            {
                Resize(_running.Count);
            }

            done();
            StartNext();
        }
    }

    private void Resize(int size)
    {
        if (size != _size)
        {
            _size = size;
            resized(size);
        }

        if (size == 0)
        {
            _empty.TrySetResult();
        }
    }
}
