using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Core.Text;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Scan;

/// <summary>
/// Tells, once each, of the records whose job should long have ended and has no slurmstepd: their Epilog seems not to
/// have run. Only tells: a record is dropped by its Epilog or on an operator's word. A job that overruns is watched by
/// its slurmstepd and is not stale as long as that lives.
/// </summary>
internal sealed class StaleRecords(SlurmSteps steps, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>An end time after this is none: the end of the calendar, in seconds since 1970.</summary>
    private static readonly long s_lastEnd = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly Dictionary<JobId, Record> _records = [];
    private readonly PidfdWatcher _watch = new();

    /// <summary>Adds what to poll; then <see cref="Scan"/>.</summary>
    public void Poll(List<PollEntry> poll) => _watch.Poll(poll);

    /// <summary>How many there are now.</summary>
    public int Count { get; private set; }

    /// <summary>When to <see cref="Scan"/>; null while no end time is to come.</summary>
    public BootTime? NextAt
    {
        get
        {
            BootTime? next = null;
            foreach (Record record in _records.Values)
            {
                next = !record.Logged && !record.Runs && (next is null || record.Due < next) ? record.Due : next;
            }

            return next;
        }
    }

    /// <summary>Takes note of the records as they are now.</summary>
    public void See(ImmutableArray<JobRecord> now)
    {
        Dictionary<JobId, Record> before = new(_records);
        _records.Clear();
        Count = 0;
        foreach (JobRecord record in now)
        {
            if (record.EndTime is { } end && end > 0 && end <= s_lastEnd)
            {
                // A requeued job has the same name and another end.
                _records[record.Job] = before.TryGetValue(record.Job, out Record? known) && known.End.ToUnixTimeSeconds() == end
                    ? known
                    : new Record(DateTimeOffset.FromUnixTimeSeconds(end)) { Due = BootTime.Now(clock) + Left(DateTimeOffset.FromUnixTimeSeconds(end)) };
                Count += _records[record.Job].Logged ? 1 : 0;
            }
        }
    }

    /// <summary>Looks after the records that are due, and those whose slurmstepd is watched.</summary>
    public void Scan()
    {
        BootTime now = BootTime.Now(clock);
        Dictionary<JobId, Record> overdue = [];
        foreach ((JobId job, Record record) in _records)
        {
            if (record.Logged || (!record.Runs && record.Due > now))
            {
                continue;
            }

            if (Left(record.End) is { } left && left > TimeSpan.Zero)
            {
                // Somebody has set the clock back.
                (record.Due, record.Runs) = (now + left, false);
                continue;
            }

            overdue.Add(job, record);
        }

        List<SlurmStep> running = overdue.Count == 0 ? [] : steps.Scan().FindAll(step => overdue.ContainsKey(step.Job));
        bool watched = _watch.Follow(running, steps);
        HashSet<JobId> run = [];
        running.ForEach(step => run.Add(step.Job));
        foreach ((JobId job, Record record) in overdue)
        {
            if (run.Contains(job) || record.Runs)
            {
                // One that ended just now has its Epilog still to come, and one that could not be watched is looked at again.
                record.Runs = run.Contains(job) && watched;
                record.Due = now + StaleRecord.Patience;
                continue;
            }

            record.Logged = true;
            Count++;
            logger.RecordStale(job, MomentText.Of(record.End, TimeZoneInfo.Local));
        }
    }

    public void Dispose() => _watch.Dispose();

    private TimeSpan Left(DateTimeOffset end) => end - clock.GetUtcNow() is var left && left < TimeSpan.MaxValue - StaleRecord.Patience ? left + StaleRecord.Patience : left;

    /// <param name="End">When Slurm was to end the job at the latest.</param>
    private sealed record Record(DateTimeOffset End)
    {
        /// <summary>When to look after it next.</summary>
        public BootTime Due { get; set; }

        /// <summary>Its slurmstepd is watched.</summary>
        public bool Runs { get; set; }

        public bool Logged { get; set; }
    }
}
