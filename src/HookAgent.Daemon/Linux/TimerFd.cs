using System.ComponentModel;
using HookAgent.Core.Linux;
using HookAgent.Core.Time;

namespace HookAgent.Daemon.Linux;

/// <summary>One timer on CLOCK_BOOTTIME that becomes readable at its moment (timerfd_create(2)).</summary>
internal sealed unsafe class TimerFd : IDisposable
{
    private BootTime? _armedFor;

    public TimerFd()
    {
        Descriptor = LinuxCalls.TimerCreate(LinuxCalls.ClockBootTime, LinuxCalls.NonBlockingCloseOnExec);
        if (Descriptor < 0)
        {
            throw new Win32Exception();
        }
    }

    public int Descriptor { get; }

    /// <summary>Sets the moment; null disarms. No system call where nothing changes.</summary>
    public void Arm(BootTime? at)
    {
        if (at == _armedFor)
        {
            return;
        }

        // A value of zero would disarm the timer; a moment that is long past fires at once just the same.
        long usec = Math.Max(1, at?.Microseconds ?? 0);
        TimerSpec next = at is null
            ? default
            : new TimerSpec { ValueSeconds = usec / 1_000_000, ValueNanoseconds = usec % 1_000_000 * 1000 };
        if (LinuxCalls.TimerSet(Descriptor, LinuxCalls.TimerAbsolute, &next, null) < 0)
        {
            throw new Win32Exception();
        }

        _armedFor = at;
    }

    /// <summary>Takes note that it fired.</summary>
    public void Drain()
    {
        ulong expirations;
        _ = Libc.Read(Descriptor, (byte*)&expirations, sizeof(ulong));
        _armedFor = null;
    }

    public void Dispose() => _ = Libc.Close(Descriptor);
}
