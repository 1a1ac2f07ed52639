using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Provider;

/// <summary>
/// A provider's life, with the real one's manners and its faults: it starts slowly, gives up when there is no broker,
/// and while it drains a task that still arrives is silently lost.
/// </summary>
internal sealed class ProviderRun(Options options) : IDisposable
{
    // Long enough for a few words to leave, and within the real one's 0.07 s.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(40);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly WorkerPool _pool = new(options.Workers);
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Peer? _broker;
    private int _terms;

    private bool Draining => Volatile.Read(ref _terms) > 0;

    public async Task<int> RunAsync()
    {
        await Until(Moments.Asks);
        try
        {
            using Socket question = await ConnectAsync();
        }
        catch (SocketException exception)
        {
            Log.Line($"error: cannot reach the broker {options.Url}: {exception.Message}");
            return ExitCode.Failed;
        }

        await Until(Moments.HearsSignals);
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Terminate);
        Ballast.TakeFor(options.Workers);
        await Until(Moments.Connects);
        _ = StayConnectedAsync();
        return await _exit.Task;
    }

    public void Dispose() => _pool.Dispose();

    private async Task Until(TimeSpan moment)
    {
        TimeSpan left = moment - Stopwatch.GetElapsedTime(_start);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left);
        }
    }

    private async Task StayConnectedAsync()
    {
        for (bool first = true; ; first = false)
        {
            try
            {
                await ServeAsync();
            }
            catch (Exception exception) when (exception is SocketException or IOException or WebSocketException)
            {
                Log.Line($"[WebSocket] {exception.Message}");
                if (first)
                {
                    _exit.TrySetResult(ExitCode.Failed);
                }
            }

            if (!options.Retry)
            {
                _exit.TrySetResult(ExitCode.Failed);
                return;
            }

            await Task.Delay(Moments.Retries);
        }
    }

    /// <summary>From a connection to its end.</summary>
    private async Task ServeAsync()
    {
        using Socket socket = await ConnectAsync();
        await using NetworkStream stream = new(socket);
        using WebSocket webSocket = await Handshake.OfferAsync(stream, options.Url, CancellationToken.None);
        Peer broker = new(webSocket);
        broker.Say(new Message.Hello(options.Name, options.Workers));
        _broker = broker;
        Log.Line($"[WebSocket] open connection established");
        Log.Line($"connected {(long)Stopwatch.GetElapsedTime(_start).TotalMilliseconds} ms after the start");
        await broker.ListenAsync(message => Hear(broker, message));
        _broker = null;
        Log.Line($"[WebSocket] connection closed");
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Url.Host, options.Url.Port);
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
        if (message is Message.Run run && !Draining)
        {
            Log.Line($"[RPCHandler] {run.Item.Id} {{ milliseconds: {run.Item.Milliseconds} }}");
            _ = WorkAsync(broker, run.Item);
        }
    }

    private async Task WorkAsync(Peer broker, WorkItem item)
    {
        await _pool.RunAsync(item);
        broker.Say(new Message.Done(item.Id));
        _pool.Forget(item);
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
            _ = AbortAsync();
        }
    }

    private async Task DrainAsync()
    {
        if (_pool.Active.Count > 0)
        {
            Log.Line($" shutdown (send signal again to abort {_pool.Active.Count} tasks)");
        }

        Task empty = _pool.EmptyAsync();
        if (await Task.WhenAny(empty, Task.Delay(Moments.Drains)) == empty)
        {
            // The last result is still to be sent.
            await Task.Delay(s_lastWords);
            _exit.TrySetResult(ExitCode.Done);
        }
        else
        {
            _exit.TrySetResult(ExitCode.Failed);
        }
    }

    private async Task AbortAsync()
    {
        IReadOnlyList<long> aborted = _pool.Active;
        Log.Line($"aborted tasks: {string.Join(' ', aborted)}");
        foreach (long id in aborted)
        {
            _broker?.Say(new Message.Aborted(id));
        }

        await Task.Delay(s_lastWords);
        _exit.TrySetResult(ExitCode.Failed);
    }
}
