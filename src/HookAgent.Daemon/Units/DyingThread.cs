using System.Globalization;
using HookAgent.Core.Linux;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.Units;

/// <summary>A thread that does nothing any more but end, and is to do that at once.</summary>
internal static unsafe class DyingThread
{
    private const int RoundRobin = 2;

    // Of sched(7): no real-time class.
    private const int Other = 0;
    private const int Batch = 3;
    private const int Idle = 5;

    /// <summary>Whatever it might start after all does not inherit its class.</summary>
    private const int ResetOnFork = 0x40000000;

    /// <summary>Gives it a class that no weight holds back, SCHED_RR; one that is not dying is let be.</summary>
    /// <param name="folder">Its folder in procfs, "/proc/73/task/75".</param>
    public static void Hasten(string folder)
    {
        if (Read(folder) is not { IsDying: true, Policy: var before and (Other or Batch or Idle) }
            || !int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return;
        }

        int priority = 1;
        _ = LinuxCalls.SetScheduler(id, RoundRobin | ResetOnFork, &priority);

        // A thread that calls execve(2) goes on by the id of the first one, which has ended for it; and an id may be another's by now.
        if (Read(folder) is not { IsDying: true })
        {
            priority = 0;
            _ = LinuxCalls.SetScheduler(id, before, &priority);
        }
    }

    /// <summary>
    /// Dying: it ends, or has taken the signal that it ends by (PF_EXITING and PF_SIGNALED of linux/sched.h), or has a SIGKILL
    /// that it has not taken yet (proc_pid_status(5)).
    /// </summary>
    /// <returns>Null where it is gone.</returns>
    private static (bool IsDying, int Policy)? Read(string folder)
    {
        const int flagsField = 9;
        const int policyField = 41;
        const uint exiting = 0x4;
        const uint signaled = 0x400;
        const ulong sigkill = 1 << 8;
        const string pending = "SigPnd:\t";
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            if (!uint.TryParse(ProcessStat.Field(stat, flagsField), NumberStyles.None, CultureInfo.InvariantCulture, out uint flags)
                || !int.TryParse(ProcessStat.Field(stat, policyField), NumberStyles.None, CultureInfo.InvariantCulture, out int policy))
            {
                return null;
            }

            if ((flags & (exiting | signaled)) != 0)
            {
                return (true, policy);
            }

            string signals = File.ReadLines(Path.Combine(folder, "status")).FirstOrDefault(static line => line.StartsWith(pending, StringComparison.Ordinal), pending);
            return (ulong.TryParse(signals.AsSpan(pending.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set) && (set & sigkill) != 0, policy);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
