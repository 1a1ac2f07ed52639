using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Daemon.State;

/// <summary>
/// The agent's memory in its state folder: lines <c>KEY=value</c>, like logind's state files. What belongs to
/// a boot is written with that boot's id and means nothing on another. A soft-reboot, which keeps the id, is another boot
/// too: then tmpfiles has made the job directory's proof anew.
/// </summary>
/// <param name="proof">The proof made at this boot; null where the directory is younger (<see cref="DirectoryProof"/>).</param>
internal sealed class StateFile(string path, BootId boot, RecordIdentity? proof, TimeProvider clock)
{
    private const string BootKey = "BOOT_ID";
    private const string ProofKey = "MADE_AT_BOOT";
    private const string UnrecordedKey = "UNRECORDED";
    private const string WitnessedKey = "WITNESSED";
    private const string HoldKey = "HOLD";
    private const string HoldByKey = "HOLD_BY";
    private const string HoldSinceKey = "HOLD_SINCE_USEC";
    private const string HoldTextKey = "HOLD_TEXT";
    private const string HoldUntilKey = "HOLD_UNTIL_USEC";
    private const string HoldUntilBootTimeKey = "HOLD_UNTIL_BOOTTIME_USEC";
    private const string HoldPersistentKey = "HOLD_PERSISTENT";

    /// <summary>The last moment of the calendar, in microseconds since the Epoch.</summary>
    private static readonly long s_lastUsec = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public string Path { get; } = path;

    /// <summary>What was written last, as far as it holds on this boot; empty where nothing was.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public PersistentState Load()
    {
        if (OwnFile.ReadLines(Path) is not { } lines)
        {
            return PersistentState.Empty;
        }

        Dictionary<string, string> values = [];
        foreach (string line in lines)
        {
            int split = line.IndexOf('=', StringComparison.Ordinal);
            if (split > 0)
            {
                values[line[..split]] = line[(split + 1)..];
            }
        }

        bool sameBoot = values.GetValueOrDefault(BootKey) == boot.ToString() && IsOfThisBoot(values.GetValueOrDefault(ProofKey));
        return new PersistentState(
            ReadHold(values, sameBoot),
            sameBoot ? ReadJobs(values, UnrecordedKey) : [])
        {
            Witnessed = sameBoot ? ReadJobs(values, WitnessedKey) : [],
        };
    }

    /// <summary>
    /// A proof that went with its directory makes no other boot; nor does a file of 0.1.0, which did not name one.
    /// </summary>
    private bool IsOfThisBoot(string? written) => proof is null || written is null || written == proof.ToString();

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(PersistentState memory)
    {
        List<string> lines = [$"{BootKey}={boot}", $"{ProofKey}={proof}"];
        if (!memory.Unrecorded.IsEmpty)
        {
            lines.Add($"{UnrecordedKey}={string.Join(' ', memory.Unrecorded)}");
        }

        if (!memory.Witnessed.IsEmpty)
        {
            lines.Add($"{WitnessedKey}={string.Join(' ', memory.Witnessed)}");
        }

        if (memory.Hold is { } hold)
        {
            lines.Add($"{HoldKey}={Word(hold.Kind)}");
            lines.Add($"{HoldByKey}={hold.By}");
            lines.Add($"{HoldTextKey}={hold.Text}");
            if (hold.Since is { } since)
            {
                lines.Add(Line(HoldSinceKey, Usec(since)));
            }

            lines.Add($"{HoldPersistentKey}={(hold.Persistent ? "yes" : "no")}");
            if (hold is { Until: { } until, UntilRealtime: { } realtime })
            {
                lines.Add(Line(HoldUntilBootTimeKey, until.Microseconds));
                lines.Add(Line(HoldUntilKey, Usec(realtime)));
            }
        }

        ReplacedFile.Write(Path, string.Concat(lines.Select(line => line + "\n")));
    }

    private static long Usec(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Null where there is none, or none of the calendar's.</summary>
    private static DateTimeOffset? Moment(Dictionary<string, string> values, string key) =>
        long.TryParse(values.GetValueOrDefault(key), CultureInfo.InvariantCulture, out long usec) && usec >= 0 && usec <= s_lastUsec
            ? DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(usec)
            : null;

    private static string Line<T>(string key, T value)
        where T : IFormattable => string.Create(CultureInfo.InvariantCulture, $"{key}={value}");

    private static string Word(HoldKind kind) => kind switch
    {
        HoldKind.Operator => "operator",
        HoldKind.HandStopped => "hand-stopped",
    };

    private static ImmutableSortedSet<JobId> ReadJobs(Dictionary<string, string> values, string key)
    {
        ImmutableSortedSet<JobId>.Builder jobs = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach (string word in values.GetValueOrDefault(key, "").Split(' '))
        {
            if (JobId.TryParse(word, out JobId job))
            {
                jobs.Add(job);
            }
        }

        return jobs.ToImmutable();
    }

    private Hold? ReadHold(Dictionary<string, string> values, bool sameBoot)
    {
        bool persistent = values.GetValueOrDefault(HoldPersistentKey) == "yes";
        string? word = values.GetValueOrDefault(HoldKey);
        if (word is null || !(sameBoot || persistent))
        {
            return null;
        }

        // A word that a newer version wrote still holds the node.
        HoldKind kind = word == Word(HoldKind.HandStopped) ? HoldKind.HandStopped : HoldKind.Operator;
        BootTime? until = null;
        DateTimeOffset? realtime = Moment(values, HoldUntilKey);
        if (realtime is not null)
        {
            // Within a boot the clock that nobody sets decides; over a reboot there is only the calendar.
            until = sameBoot && long.TryParse(values.GetValueOrDefault(HoldUntilBootTimeKey), CultureInfo.InvariantCulture, out long boottime)
                ? new BootTime(boottime)
                : BootTime.Now(clock) + (realtime.Value - clock.GetUtcNow());
        }

        return new Hold(
            kind, values.GetValueOrDefault(HoldByKey, ""), values.GetValueOrDefault(HoldTextKey, ""), until, realtime, persistent)
        {
            Since = Moment(values, HoldSinceKey),
        };
    }
}
