using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>A node's journal, searched by fields.</summary>
internal sealed class Journal(Node node)
{
    /// <summary>systemd's "Starting …" of a unit: written right after its conditions were found to be met.</summary>
    public const string UnitStarting = "7d4958e842da4a758f6c1cdc7b36dcc5";

    /// <summary>All entries since a moment that have these fields ("NAME=value").</summary>
    public JournalEntry[] Find(BootTime since, params string[] fields)
    {
        node.Run("journalctl", "--sync");
        TimeSpan offset = RealtimeToBoottime();
        return [.. node.Run(["journalctl", "--output=json", "--no-pager", "--quiet", .. fields]).Lines
            .Select(line => JournalEntry.Parse(line, offset)).Where(entry => entry.Moment >= since)];
    }

    /// <summary>Waits for one entry, and gives it.</summary>
    public JournalEntry Await(BootTime since, TimeSpan patience, params string[] fields) => Eventually.Get(
        $"the journal has an entry with {string.Join(' ', fields)}", patience, () => Find(since, fields).FirstOrDefault(), () => "");

    /// <summary>The end of it, for a person who reads about a failed test.</summary>
    public string Tail(int lines) =>
        node.Try("journalctl", "--no-pager", "--output=short-precise", "-n", $"{lines}").Output
        + node.Try("tail", "-n", "30", "/var/log/slurm/slurmd.log").Output;

    private static TimeSpan RealtimeToBoottime()
    {
        TimeSpan realtime = DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch;
        return (BootClock.Now() - new BootTime(0)) - realtime;
    }
}
