namespace HookAgent.Ctl.Tests.Report;

/// <summary>A made day of 300 nodes: jobs by day more than by night, a maintenance, some broken nodes, one that crashes.</summary>
internal static class ClusterDay
{
    private const double Hour = 3600;
    private const double End = 24 * Hour;

    /// <summary>Writes a file a node.</summary>
    public static void Write(string folder, int nodes = 300)
    {
        Random random = new(5); // The same day each time.
        for (int node = 0; node < nodes; node++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"com{node}.export"), Node(node, random).Export());
        }
    }

    private static MadeJournal Node(int number, Random random)
    {
        MadeJournal journal = new MadeJournal { Host = $"com{number}" }.Started(0).State(1, "unknown", "settling", "idle-delay", 1);
        double now = 1 + Lend(journal, 6, 1, "settling");
        double? crash = number == 171 ? 3.5 * Hour : null;
        double? broken = number is >= 40 and < 46 ? 7 * Hour : null;
        double? held = number is >= 200 and < 232 ? 4 * Hour : null;
        for (int job = (number * 1000) + 1; ; job++)
        {
            bool isDay = now < 11 * Hour; // It begins at eight in the morning.
            double lent = -Math.Log(1 - random.NextDouble()) * (isDay ? 0.5 : 2.5) * Hour;
            double comes = now + 1 + lent;
            if (crash is { } at && comes > at)
            {
                crash = null;
                journal.Add(at).Boot = $"b{number:x31}";
                journal.Started(at + 1400).State(at + 1401, "unknown", "settling", "idle-delay", 1);
                now = Lend(journal, at + 1407, 6, "settling");
                continue;
            }

            if (held is { } from && comes > from)
            {
                held = null;
                from = Math.Max(from, now + 1);
                journal.State(from, "lending", "reclaiming", "stop-asked", from - now).State(from + 2, "reclaiming", "held", "operator", 2)
                    .State(from + (2.5 * Hour), "held", "settling", "idle-delay", 2.5 * Hour);
                now = Lend(journal, from + (2.5 * Hour) + 5, 5, "settling");
                continue;
            }

            if (broken is { } fails && comes > fails)
            {
                fails = Math.Max(fails, now + 1);
                journal.State(fails, "lending", "failed", "ended-by-itself", fails - now).Add(End - 1);
                return journal;
            }

            double ran = (60 + (-Math.Log(1 - random.NextDouble()) * (isDay ? 1.4 : 0.8) * Hour)) * (number % 7 == 0 ? 2 : 1);
            if (comes + ran > End)
            {
                return journal.Add(End - 1);
            }

            double stop = 0.02 + (random.NextDouble() < 0.05 ? random.NextDouble() * 10 : random.NextDouble() * 0.1);
            journal.Came(comes, job).State(comes, "lending", "reclaiming", "stop-asked", lent).ProviderStopped(comes + stop, lent)
                .State(comes + stop, "reclaiming", "busy", "jobs-recorded", stop).HandedOver(comes + stop, job, stop + 0.002, stop)
                .Left(comes + ran, job).State(comes + ran, "busy", "settling", "idle-delay", ran - stop);
            now = Lend(journal, comes + ran + 5, 5, "settling");
        }
    }

    private static double Lend(MadeJournal journal, double at, double settled, string from)
    {
        journal.State(at, from, "lending", "starting", settled).State(at + 1, "lending", "lending", "running", 1);
        return at + 1;
    }
}
