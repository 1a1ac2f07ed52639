using System.Diagnostics.CodeAnalysis;
using HookAgent.Core.Linux;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>
/// A connection to a message bus, for one thread: an event loop that polls <see cref="Descriptor"/> (see the loop's part of
/// this class), or a program that waits for each call. The protocol is Tmds.DBus.Protocol's; that nothing blocks, that
/// nothing waits for ever, and that everything happens on that one thread is ours.
/// </summary>
public sealed partial class BusConnection : IDisposable
{
    /// <summary>Where every systemd node has its bus. Not taken from the environment: a caller could point it elsewhere.</summary>
    public const string SystemBusAddress = "unix:path=/run/dbus/system_bus_socket";

    private readonly BusSocket _socket;
    private readonly PolledStream _stream;
    private readonly DBusConnection _connection;
    private readonly ulong _connectDeadline;
    private bool _greeted;
    private bool _connectTimedOut;
    private bool _disposed;

    private BusConnection(BusSocket socket, ulong connectDeadline)
    {
        _socket = socket;
        _stream = new PolledStream(socket);
        _connection = new DBusConnection(new PolledOptions(_stream, ThrowLater));
        _connectDeadline = connectDeadline;
    }

    /// <summary>
    /// Begins to connect, and never blocks. What is sent meanwhile is queued. A bus that has not let us in after
    /// <paramref name="connectTimeout"/> counts as lost. False where the socket is missing, refuses, or has its backlog full
    /// (EAGAIN), or the address is no "unix:path=…" (EINVAL): <paramref name="errno"/>, positive, tells which.
    /// </summary>
    public static bool TryStart(
        string address,
        TimeSpan connectTimeout,
        [NotNullWhen(true)] out BusConnection? connection,
        out int errno)
    {
        if (!BusSocket.TryConnect(address, out BusSocket? socket, out errno))
        {
            connection = null;
            return false;
        }

        connection = new BusConnection(socket, MonotonicClock.After(connectTimeout));
        _ = connection.GreetAsync();
        return true;
    }

    /// <summary>
    /// Connects and waits until the bus has let us in. False with the error number (errno(3), positive) where
    /// that cannot be had within <paramref name="timeout"/>: ETIMEDOUT, ECONNRESET, or as <see cref="TryStart"/>.
    /// </summary>
    public static bool TryOpen(
        string address,
        TimeSpan timeout,
        [NotNullWhen(true)] out BusConnection? connection,
        out int errno)
    {
        if (!TryStart(address, timeout, out connection, out errno))
        {
            return false;
        }

        BusConnection opening = connection;
        if (opening.RunUntil(() => opening.IsReady))
        {
            return true;
        }

        errno = opening._connectTimedOut ? Errno.TimedOut : Errno.ConnectionReset;
        opening.Dispose();
        connection = null;
        return false;
    }

    /// <summary>Whether the bus has let us in: connected, authenticated, greeted.</summary>
    public bool IsReady => _greeted && !_disposed && !_lost && !_stream.IsLost;

    /// <summary>Our name on the bus, such as ":1.7"; null unless <see cref="IsReady"/>.</summary>
    public string? UniqueName => IsReady ? _connection.UniqueName : null;

    /// <summary>
    /// Ends the connection without blocking: what the socket has not taken yet is dropped. Each call still
    /// outstanding is answered <see cref="BusOutcome.Disconnected"/>, and may not call again.
    /// </summary>
    /// <exception cref="Exception">What one of those answers threw, once all are given.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        OnThisThread(() =>
        {
            Close();
            return true;
        });
        ThrowCaught();
    }

    /// <summary>Authenticates and greets, as far as the socket lets it; <see cref="Process"/> goes on with it.</summary>
    private async Task GreetAsync()
    {
        try
        {
            await _connection.ConnectAsync().ConfigureAwait(false);
            await HearSignals().ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is DBusExceptionBase or ObjectDisposedException)
        {
            _lost = true;
            return;
        }
#pragma warning disable CA1031 // None is expected; the connection is lost, and Process tells of it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ThrowLater(fault);
            _lost = true;
            return;
        }

        if (_connection.UniqueName is null)
        {
            // The bus has answered Hello with an error, which the library takes for a peer without a bus.
            _lost = true;
            return;
        }

        _greeted = true;
        while (_early.TryDequeue(out Action? send))
        {
            Guarded(send);
        }
    }

    /// <summary>Closes the socket and answers what is outstanding.</summary>
    private void Close()
    {
        _lost = true;
        _connection.Dispose();
        _stream.Dispose();

        // The library forgets a call whose answer it cannot read, and is in the middle of its own answers where one of them closes.
        foreach (PendingCall call in _outstanding.ToArray())
        {
            Guarded(() => call.Answer(BusAnswer.Lost));
        }

        _outstanding.Clear();
        while (_early.TryDequeue(out Action? send))
        {
            Guarded(send);
        }

        AnswerUnsent();
    }

    /// <summary>Has the library use our stream, and tell us of faults instead of ending the connection by them.</summary>
    private sealed class PolledOptions : DBusConnectionOptions
    {
        private readonly PolledStream _stream;

        public PolledOptions(PolledStream stream, Action<Exception> failed)
            : base("unix:path=/unused")
        {
            _stream = stream;
            OnException = context =>
            {
                if (context.Source is DBusConnection.ExceptionSource.MethodHandler or DBusConnection.ExceptionSource.SignalReader
                    or DBusConnection.ExceptionSource.SignalHandler)
                {
                    context.DisconnectConnection = false;
                    failed(context.Exception);
                }
            };
        }

        protected override ValueTask<SetupResult> SetupAsync(CancellationToken cancellationToken) =>
            new(new SetupResult { UserId = Libc.GetEffectiveUser().ToString(System.Globalization.CultureInfo.InvariantCulture), ConnectionStream = _stream });
    }
}
