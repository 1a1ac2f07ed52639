using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>Events of every kind, in the variants that a decision may depend on, some fitting to a model.</summary>
internal static class Samples
{
    private static readonly JobId One = TestNode.Job(1);
    private static readonly JobId Two = TestNode.Job(2);
    private static readonly Lazy<ImmutableArray<NodeEvent>> Fixed = new(() => [.. Independent()]);

    public static IEnumerable<NodeEvent> For(NodeModel model, BootTime now) =>
        [.. Fixed.Value, .. Views(model), .. Depending(model, now)];

    /// <summary>One of them.</summary>
    public static NodeEvent Pick(NodeModel model, BootTime now, int number)
    {
        // Every other time one of the events that are the same for all models, which cost nothing to make.
        int half = number >> 1;
        return (number & 1) == 0 ? Fixed.Value[half % Fixed.Value.Length]
            : (number & 2) == 0 ? At(Views(model), half) : At(Depending(model, now), half);

        static NodeEvent At(IEnumerable<NodeEvent> events, int index)
        {
            List<NodeEvent> list = [.. events];
            return list[index % list.Count];
        }
    }

    /// <summary>The kinds of events there are: a new one needs a sample here before the tests pass.</summary>
    public static IReadOnlyList<Type> Kinds { get; } =
        [.. typeof(NodeEvent).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(NodeEvent)))];

    private static IEnumerable<NodeEvent> Independent()
    {
        yield return new TimePassed();
        yield return new SettingsChanged(TestNode.Settings with { IdleDelay = TimeSpan.Zero, PrologWait = TimeSpan.Zero });
        yield return new SettingsChanged(TestNode.Settings with { RequiresUnit = false, StopGrace = TimeSpan.Zero });

        foreach (DirectoryCondition condition in Enum.GetValues<DirectoryCondition>())
        {
            if (condition is not DirectoryCondition.Readable)
            {
                yield return new DirectoryRead(condition, false, Jobs(), false);
            }
        }

        foreach (ImmutableSortedDictionary<JobId, BootTime?> jobs in new[] { Jobs(), Jobs(One), Jobs(One, Two), Jobs(Two) })
        {
            yield return new DirectoryRead(DirectoryCondition.Readable, true, jobs, false);
        }

        yield return new DirectoryRead(DirectoryCondition.Readable, true, Jobs(), true);
        yield return new DirectoryRead(DirectoryCondition.Readable, false, Jobs(One), false);
        yield return new DirectoryRead(DirectoryCondition.Readable, false, Jobs(), false);

        foreach (JobId job in new[] { One, Two })
        {
            yield return new RecordFailed(job);
            yield return new EpilogCalled(job);
            yield return new JobForgotten(job, TestNode.Record);
        }

        foreach (ImmutableSortedSet<JobId> jobs in new ImmutableSortedSet<JobId>[] { [], [One], [One, Two] })
        {
            yield return new Reconciled(jobs, TestNode.NoRecords);
            yield return new StepsScanned(jobs, []);
        }

        yield return new UnitInspected(true, "exit-code 1");
        yield return new UnitInspected(false, "success");
        yield return new UnitInspected(false, "result exec-condition") { ConditionChecked = new ConditionStamp(7), Refused = true };
        yield return new UnitInspected(false, "success") { ConditionChecked = new ConditionStamp(7), Succeeded = true };
        yield return new UnitInspected(true, "success") { ConditionChecked = new ConditionStamp(7), Succeeded = true };
        yield return new SystemdLost();
        yield return new SystemdLost(BusToo: false);
        yield return new HoldAsked(Holds.Operator);
        yield return new ReleaseAsked();
        yield return new RetryAsked();
        yield return new UnitFilesReloaded();
    }

    /// <summary>The unit in all its states, with no job, the machine's own job, or somebody else's.</summary>
    private static IEnumerable<NodeEvent> Views(NodeModel model)
    {
        string own = model.Provider.PendingJob?.JobPath ?? "/job/none";
        foreach (UnitActiveState active in Enum.GetValues<UnitActiveState>())
        {
            foreach (UnitJobType job in Enum.GetValues<UnitJobType>())
            {
                foreach (string path in job is UnitJobType.None ? [""] : new[] { own, "/job/foreign" })
                {
                    yield return new UnitsSeen(new UnitReading(UnitLoadState.Loaded, active, job, path), true, false);
                }
            }
        }

        UnitReading inactive = new(UnitLoadState.Loaded, UnitActiveState.Inactive, UnitJobType.None, "");
        foreach (UnitLoadState load in Enum.GetValues<UnitLoadState>())
        {
            yield return new UnitsSeen(inactive with { Load = load }, true, false);
            yield return new UnitsSeen(inactive with { Load = load, Active = UnitActiveState.Active }, true, false);
        }

        UnitReading leftover = inactive with { ProcessesRemain = true };
        yield return new UnitsSeen(leftover, true, false);
        yield return new UnitsSeen(leftover with { Active = UnitActiveState.Failed, Job = UnitJobType.Start, JobPath = "/job/foreign" }, true, false);
        yield return new UnitsSeen(inactive, true, false) { Strays = ["earlier.service"] };
        yield return new UnitsSeen(inactive with { Active = UnitActiveState.Active }, true, false) { Strays = ["earlier.service"] };
        yield return new UnitsSeen(inactive, false, false);
        yield return new UnitsSeen(inactive, true, true);
        yield return new UnitsSeen(inactive with { Active = UnitActiveState.Active }, false, false);
        yield return new UnitsSeen(inactive with { Active = UnitActiveState.Active, Job = UnitJobType.Stop, JobPath = "/job/foreign" }, true, true);
    }

    private static IEnumerable<NodeEvent> Depending(NodeModel model, BootTime now)
    {
        long token = model.Prologs.Waiting.Select(waiting => waiting.Token).DefaultIfEmpty().Max() + 1;
        yield return new PrologCalled(token, One);
        yield return new PrologCalled(token, Two);
        yield return new HoldAsked(Holds.Operator with { Until = now });
        yield return new HoldAsked(Holds.Operator with { Until = now + TestNode.Seconds(60) });

        foreach (long attempt in new[] { model.Systemd.Attempts, model.Systemd.Attempts - 1 })
        {
            yield return new UnitJobQueued(attempt, "/job/own");
            foreach (UnitRefusal refusal in Enum.GetValues<UnitRefusal>())
            {
                yield return new UnitJobRefused(attempt, refusal, "systemd's words");
            }
        }

        foreach (string path in new[] { model.Provider.PendingJob?.JobPath ?? "/job/none", "/job/foreign" })
        {
            foreach (UnitJobResult result in Enum.GetValues<UnitJobResult>())
            {
                yield return new UnitJobRemoved(path, result);
            }
        }
    }

    private static ImmutableSortedDictionary<JobId, BootTime?> Jobs(params JobId[] jobs) =>
        jobs.ToImmutableSortedDictionary(job => job, _ => (BootTime?)null);
}
