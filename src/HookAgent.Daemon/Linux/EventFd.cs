using System.ComponentModel;
using HookAgent.Core.Linux;

namespace HookAgent.Daemon.Linux;

/// <summary>Wakes the loop from another thread (eventfd(2)).</summary>
internal sealed unsafe class EventFd : IDisposable
{
    public EventFd()
    {
        Descriptor = LinuxCalls.EventCreate(0, LinuxCalls.NonBlockingCloseOnExec);
        if (Descriptor < 0)
        {
            throw new Win32Exception();
        }
    }

    public int Descriptor { get; }

    public void Signal()
    {
        // It can only fail when the counter is full, and then the loop is awake anyway.
        ulong one = 1;
        _ = Libc.Write(Descriptor, (byte*)&one, sizeof(ulong));
    }

    public void Drain()
    {
        ulong count;
        _ = Libc.Read(Descriptor, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => _ = Libc.Close(Descriptor);
}
