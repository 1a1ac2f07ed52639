using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Provider;

/// <summary>
/// A provider's life, with the real one's manners and its faults: it gives up when there is no broker, takes tasks before
/// it can work, and while it drains a task that still arrives is silently lost.
/// </summary>
internal sealed class ProviderRun
{
    // For the last results to leave, as in the real one.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(50);

    private readonly Options _options;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly WorkerPool _pool;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Peer? _broker;
    private int _terms;

    public ProviderRun(Options options)
    {
        _options = options;
        _pool = new(workers => _broker?.Say(new Message.Workers(workers)));
    }

    public async Task<int> RunAsync()
    {
        await Until(Moments.Connects);
        Socket first;
        try
        {
            first = await ConnectAsync();
        }
        catch (SocketException exception)
        {
            Log.Line($"error: cannot reach the broker {_options.Url}: {exception.Message}");
            return ExitCode.Failed;
        }

        _ = StayConnectedAsync(first);
        for (int workers = 1; workers <= _options.Workers; workers++)
        {
            await Until(Moments.Up(workers));
            Log.Line($"[WasiWorkerPool] spawn Worker {workers - 1}");
            Ballast.TakeFor(workers);
            _pool.AddWorker();
        }

        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Terminate);
        Log.Line($"ready {(long)Stopwatch.GetElapsedTime(_start).TotalMilliseconds} ms after the start");
        _ready.TrySetResult();
        return await _exit.Task;
    }

    private async Task Until(TimeSpan moment)
    {
        TimeSpan left = moment - Stopwatch.GetElapsedTime(_start);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left);
        }
    }

    private async Task StayConnectedAsync(Socket first)
    {
        for (Socket? open = first; ; open = null)
        {
            try
            {
                await ServeAsync(open ?? await ConnectAsync());
            }
            catch (Exception exception) when (exception is SocketException or IOException or WebSocketException)
            {
                Log.Line($"[WebSocket] {exception.Message}");
                if (open is not null)
                {
                    _exit.TrySetResult(ExitCode.Failed);
                }
            }

            if (!_options.Retry)
            {
                _exit.TrySetResult(ExitCode.Failed);
                return;
            }

            await Task.Delay(Moments.Retries);
        }
    }

    /// <summary>From a connection to its end.</summary>
    private async Task ServeAsync(Socket socket)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        using WebSocket webSocket = await Handshake.OfferAsync(stream, _options.Url, CancellationToken.None);
        Peer broker = new(webSocket);
        broker.Say(new Message.Hello(_options.Name));
        _broker = broker;
        broker.Say(new Message.Workers(_pool.Size));
        Log.Line($"[WebSocket] open connection established {{ url: \"{_options.Url}\" }}");
        await broker.ListenAsync(message => Hear(broker, message));
        _broker = null;
        Log.Line($"[WebSocket] connection closed");
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_options.Url.Host, _options.Url.Port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Hear(Peer broker, Message message)
    {
        if (message is Message.Run run)
        {
            _ = WorkAsync(broker, run.Item);
        }
    }

    // What comes before all workers are up waits for them: the real one listens only then.
    private async Task WorkAsync(Peer broker, WorkItem item)
    {
        await _ready.Task;
        Log.Line($"[RPCHandler] {item.Id} {{\n  milliseconds: {item.Milliseconds},\n  mebibytes: {item.Mebibytes}\n}}");
        _pool.Run(item, () => broker.Say(new Message.Done(item.Id)));
    }

    private void Terminate(PosixSignalContext signal)
    {
        signal.Cancel = true;
        int terms = Interlocked.Increment(ref _terms);
        if (terms == 1)
        {
            _ = DrainAsync();
        }
        else if (terms == 2)
        {
            Log.Line(" kill");
            Log.Line(AbortedText(_pool.Running));
            _exit.TrySetResult(ExitCode.Failed);
        }
    }

    private async Task DrainAsync()
    {
        Log.Line($" shutdown (send signal again to force immediate exit)");
        Task empty = _pool.DrainAsync();
        if (await Task.WhenAny(empty, Task.Delay(Moments.Drains)) == empty)
        {
            await Task.Delay(s_lastWords);
            _exit.TrySetResult(ExitCode.Done);
        }
        else
        {
            _exit.TrySetResult(ExitCode.Failed);
        }
    }

    // As Deno prints a list of objects.
    private static string AbortedText(IReadOnlyList<WorkerPool.RunningTask> tasks) =>
        tasks.Count == 0
            ? "aborted tasks: []"
            : $"aborted tasks: [\n{string.Join(",\n", tasks.Select(static task => string.Create(CultureInfo.InvariantCulture,
                $"  {{\n    worker: {task.Worker},\n    task: \"{task.Item.Id}\",\n    started: {task.Started.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},\n    age: {task.Age.TotalSeconds:0.###}\n  }}")))}\n]";
}
