using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Core.Linux;
using Microsoft.Extensions.Hosting.Systemd;

namespace HookAgent.Daemon.Notify;

/// <summary>
/// What the agent tells systemd of itself (sd_notify(3)), over a socket that is opened once and never blocks. The notifier
/// of the package opens one each time and waits until systemd takes the message: a service manager that stands still would
/// stop the loop. What systemd does not take waits here, of each kind the newest.
/// </summary>
internal sealed unsafe class NotifySocket : ISystemdNotifier, IDisposable
{
    private readonly Lock _gate = new();
    private readonly byte[] _address;
    private readonly List<string> _waiting = [];
    private int _descriptor = -1;

    /// <param name="address">As in $NOTIFY_SOCKET: a path, or an abstract name behind "@"; null where no service manager asked.</param>
    public NotifySocket(string? address)
    {
        _address = AddressOf(address);
        IsEnabled = _address.Length > 0;
    }

    /// <inheritdoc/>
    public bool IsEnabled { get; }

    /// <summary>What to poll for writing while <see cref="WaitsToWrite"/>; -1 for nothing.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Whether systemd has not taken everything; then <see cref="Flush"/> once it may.</summary>
    public bool WaitsToWrite
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>Tells it, now or as soon as systemd takes it. Does not block; from any thread.</summary>
    public void Notify(ServiceState state)
    {
        if (!IsEnabled)
        {
            return;
        }

        string text = state.ToString();
        lock (_gate)
        {
            // The newest of each kind is as good as all of them, a reload's two as well: systemd takes the end of the last one
            // for the end of those before it. Else each reload would add two.
            string key = text[..(text.IndexOf('=', StringComparison.Ordinal) + 1)];
            _waiting.RemoveAll(older => older.StartsWith(key, StringComparison.Ordinal));
            _waiting.Add(text);
        }

        Flush();
    }

    /// <summary>Sends what waits, as far as systemd takes it.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0 && TrySend(_waiting[0]))
            {
                _waiting.RemoveAt(0);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    /// <summary>False where it must wait; what cannot be sent at all is dropped, as sd_notify(3) advises.</summary>
    private bool TrySend(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (_descriptor < 0 && !TryConnect())
            {
                return true;
            }

            fixed (byte* start = bytes)
            {
                if (Libc.Send(_descriptor, start, (nuint)bytes.Length, Libc.NeverBlockNorSignal) >= 0)
                {
                    return true;
                }
            }

            if (Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted)
            {
                return false;
            }

            // systemd has made its socket anew.
            Close();
        }

        return true;
    }

    private bool TryConnect()
    {
        _descriptor = UnixSocket.Connect(Libc.Datagram, _address, out _);
        return _descriptor >= 0;
    }

    private void Close()
    {
        if (_descriptor >= 0)
        {
            _ = Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }

    private static byte[] AddressOf(string? text)
    {
        if (string.IsNullOrEmpty(text) || text[0] is not ('/' or '@'))
        {
            return [];
        }

        byte[] address = new byte[UnixAddress.Size];
        int length = (int)UnixAddress.Write(text, address);
        if (length > 0 && text[0] == '@')
        {
            // An abstract name begins with a zero byte, and ends without one (unix(7)).
            address[2] = 0;
            length--;
        }

        return address[..length];
    }
}
