using HookAgent.Bus.Wire;
using HookAgent.Core.Linux;

namespace HookAgent.Ctl.Status;

/// <summary>What ended a wait.</summary>
internal enum OutputWaitResult
{
    /// <summary>The bus had something, and its callbacks have run.</summary>
    Processed,

    /// <summary>The connection to the bus is lost.</summary>
    BusLost,

    /// <summary>The reader of our standard output has gone: <c>hookctl status --watch | head</c>.</summary>
    ReaderGone,
}

/// <summary>Sleeps until the bus has something, or the reader of our standard output has gone.</summary>
internal sealed unsafe class OutputWait(BusConnection bus)
{
    private const int StandardOutput = 1;

    public OutputWaitResult Next()
    {
        PollEntry* entries = stackalloc PollEntry[]
        {
            new() { Descriptor = bus.Descriptor, Events = bus.PollEvents },
            new() { Descriptor = StandardOutput },
        };
        _ = Libc.Poll(entries, 2, MonotonicClock.MillisecondsUntil(bus.DeadlineMonotonicUsec));
        return (entries[1].Returned & PollEntry.Error) != 0 ? OutputWaitResult.ReaderGone
            : bus.Process() == BusProgress.Lost ? OutputWaitResult.BusLost
            : OutputWaitResult.Processed;
    }
}
