using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <content>What others send to us: signals, and calls to our objects.</content>
public sealed partial class BusConnection
{
    private readonly List<(SignalMatch Rule, Action<Message> Seen)> _listeners = [];

    /// <summary>
    /// Hears signals, as long as the connection lasts. <paramref name="installed"/>, where given, gets the bus's answer to
    /// the request: signals sent after it are not missed. The message can be read inside <paramref name="seen"/> alone.
    /// </summary>
    public void MatchSignalAsync(SignalMatch rule, Action<Message> seen, Action<BusAnswer>? installed = null)
    {
        string asked = rule.ToString();
        _listeners.Add((rule, seen));

        // Not by way of the library: it would ask the bus for the sender's owner itself, and wait for the answer for ever.
        CallAsync(BusCall.WithText(Driver, DriverPath, Driver, "AddMatch", asked), s_driverTimeout, answer => installed?.Invoke(answer));
    }

    /// <summary>
    /// Gives every method call to <paramref name="path"/> to the handler, until the connection ends. True: answered, or to
    /// be answered later. False: it is answered that there is no such method.
    /// </summary>
    public void AddObject(string path, Func<ReceivedCall, bool> handler)
    {
        ExportedObject exported = new(this, path, handler);
        if (_lost || _greeted)
        {
            Add();
        }
        else
        {
            _early.Enqueue(Add);
        }

        void Add()
        {
            if (IsReady)
            {
                _connection.AddMethodHandler(exported);
            }
        }
    }

    /// <summary>Has the library pass every signal on, which the bus sends for our rules and anybody may send without.</summary>
    private ValueTask<IDisposable> HearSignals() => _connection.AddMatchAsync(
        new MatchRule { Type = MessageType.Signal },
        static (Message signal, object? state) =>
        {
            ((BusConnection)state!).Hear(signal);
            return true;
        },
        static (Notification<bool> _) => { },
        synchronizationContext: null,
        ObserverFlags.NoSubscribe,
        this);

    private void Hear(Message signal)
    {
        // By number, because a listener may add another.
        for (int i = 0; i < _listeners.Count; i++)
        {
            (SignalMatch rule, Action<Message> seen) = _listeners[i];
            Guarded(() =>
            {
                if (rule.Matches(signal))
                {
                    seen(signal);
                }
            });
        }
    }

    private sealed class ExportedObject(BusConnection owner, string path, Func<ReceivedCall, bool> handler) : IPathMethodHandler
    {
        public string Path => path;

        public bool HandlesChildPaths => false;

        public ValueTask HandleMethodAsync(MethodContext context)
        {
            ReceivedCall call = new(owner, context);
            bool failed = true;
            owner.Guarded(() =>
            {
                bool taken = handler(call);
                failed = false;
                if (taken && !context.ReplySent)
                {
                    // Answered later, by the call itself; the library would answer that there is no such method.
                    context.DisposesAsynchronously = true;
                }
            });
            if (failed && !context.ReplySent)
            {
                call.ReplyError(BusErrorNames.Failed, "internal error");
            }

            call.Leave();
            return ValueTask.CompletedTask;
        }
    }
}
