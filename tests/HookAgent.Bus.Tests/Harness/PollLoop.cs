using System.Runtime.InteropServices;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Harness;

/// <summary>
/// The loop of a daemon, in small: poll(2) on what the connections ask for, then process them. It never wakes
/// by itself, so a wrong descriptor, event mask or deadline of theirs shows as a test that times out.
/// </summary>
internal static unsafe partial class PollLoop
{
    public const short Readable = 1;
    public const short Writable = 4;

    /// <summary>Milliseconds of a clock that nobody sets.</summary>
    private const long Patience = 20_000;

    /// <summary>Runs until <paramref name="satisfied"/>; fails the test when that takes too long.</summary>
    public static void Until(Func<bool> satisfied, params BusConnection[] connections) =>
        Run(satisfied, -1, connections);

    /// <summary>Runs while <paramref name="work"/> waits for something on another thread, and returns what it got.</summary>
    public static T During<T>(Func<T> work, params BusConnection[] connections)
    {
        int wake = eventfd(0, 0);
        Task<T> task = OwnThread.Run(() =>
        {
            try
            {
                return work();
            }
            finally
            {
                ulong one = 1;
                _ = write(wake, &one, sizeof(ulong));
            }
        });
        try
        {
            Run(() => task.IsCompleted, wake, connections);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            _ = close(wake);
        }
    }

    /// <summary>Runs until the connection is lost.</summary>
    public static void UntilLost(BusConnection connection)
    {
        long deadline = Environment.TickCount64 + Patience;
        while (connection.Process() != BusProgress.Lost)
        {
            Wait([connection], -1, deadline);
        }
    }

    private static void Run(Func<bool> satisfied, int wake, BusConnection[] connections)
    {
        long deadline = Environment.TickCount64 + Patience;
        while (true)
        {
            foreach (BusConnection connection in connections)
            {
                connection.Process();
            }

            if (satisfied())
            {
                return;
            }

            Wait(connections, wake, deadline);
        }
    }

    /// <summary>One poll. What would come only because this gave up waiting has not come.</summary>
    private static void Wait(BusConnection[] connections, int wake, long deadline)
    {
        PollDescriptor* descriptors = stackalloc PollDescriptor[connections.Length + 1];
        double milliseconds = Math.Max(0, deadline - Environment.TickCount64);
        for (int i = 0; i < connections.Length; i++)
        {
            descriptors[i] = new PollDescriptor
            {
                Descriptor = connections[i].Descriptor,
                Events = connections[i].PollEvents,
            };
            if (connections[i].DeadlineMonotonicUsec is { } usec)
            {
                double left = ((double)usec - MonotonicClock.NowUsec()) / 1000;
                milliseconds = Math.Min(milliseconds, Math.Max(0, left));
            }
        }

        descriptors[connections.Length] = new PollDescriptor { Descriptor = wake, Events = Readable };
        _ = poll(descriptors, (nuint)connections.Length + 1, (int)Math.Ceiling(milliseconds));
        Assert.True(Environment.TickCount64 < deadline, "what the test waits for did not happen");
    }

    [LibraryImport("libc")]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, void* data, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    /// <summary>struct pollfd: poll(2) writes the last two bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 8)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
    }
}
