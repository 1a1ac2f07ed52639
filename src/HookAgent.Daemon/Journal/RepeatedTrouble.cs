using System.Numerics;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// What goes wrong again and again is told once a cause, and then each time it has happened twice as often: enough to
/// see that it goes on, and how long, without a line each time and without a timer.
/// </summary>
internal sealed class RepeatedTrouble
{
    /// <summary>Causes are text of systemd's or the kernel's, or name a caller: more of them than this are one.</summary>
    private const int MostCauses = 16;

    private readonly HashSet<string> _told = [];

    /// <summary>How often it has happened since the last <see cref="IsOver"/>.</summary>
    public long Times { get; private set; }

    /// <summary>It has happened once more. True when that is to be told.</summary>
    public bool HappenedFor(string cause)
    {
        Times++;
        bool isNew = _told.Count < MostCauses && _told.Add(cause);
        return isNew || BitOperations.IsPow2(Times);
    }

    /// <summary>It is well again; how often it was not.</summary>
    public long IsOver()
    {
        long times = Times;
        Times = 0;
        _told.Clear();
        return times;
    }
}
