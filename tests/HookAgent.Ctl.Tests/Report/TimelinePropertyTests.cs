using HookAgent.Report.Events;
using HookAgent.Report.Reading;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>Whatever the events, each node's intervals fill the span from end to end, once, and lendings and totals agree.</summary>
public sealed class TimelinePropertyTests
{
    private const int Second = 1_000_000;

    private static readonly string[] s_reasons = ["", "starting", "running", "jobs-recorded", "stop-asked", "idle-delay"];

    [Fact]
    public void Intervals_never_overlap_and_sum_up_to_the_span()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            NodeHistory node = Any(random);
            node.Sort();
            long from = random.NextInt64(2000) * Second;
            ReportSpan span = new(from, from + (random.NextInt64(1, 3000) * Second));

            NodeTimeline timeline = TimelineBuilder.Build(node, span, TimeSpan.FromSeconds(10));

            long at = span.From;
            foreach (Interval interval in timeline.Intervals)
            {
                Assert.True(interval.From == at && interval.To > interval.From, $"seed {seed}: {interval} after {at}");
                at = interval.To;
            }

            Assert.True(at == span.To, $"seed {seed}: ends at {at}, not {span.To}");
            Assert.Equal(span.Length, timeline.Figures.TotalUsec);
            Assert.InRange(timeline.Figures.FailedStarts, 0, timeline.Figures.Starts);

            TaskFigures tasks = timeline.Figures.Tasks ?? new TaskFigures();
            Assert.InRange(tasks.Lendings, 0, timeline.Figures.Starts);
            Assert.InRange(tasks.WithoutTask, 0, tasks.Lendings);
            Assert.InRange(timeline.Lendings.Sum(static lending => lending.Started), 0, tasks.Started ?? 0);
            Assert.Equal(tasks.Aborted ?? 0, timeline.Lendings.Sum(static lending => lending.Aborted));
            Assert.Equal(tasks.Aborted ?? 0, timeline.Aborts.Sum(static abort => abort.Tasks));
            Assert.InRange(tasks.Untimed, 0, tasks.Aborted ?? 0);
            Assert.True(tasks.LostUsec is null or >= 0);
            Assert.All(timeline.Lendings, static lending => Assert.True(lending is { Connected: null or >= 0, FirstTask: null or >= 0, LostUsec: >= 0 }));
            Assert.All(timeline.Lendings, static lending => Assert.True(lending.To is null || lending.To >= lending.From));
        }
    }

    private static ProviderEvent Line(Random random, long monotonic, int order)
    {
        ProviderEventKind kind = (ProviderEventKind)random.Next(Enum.GetValues<ProviderEventKind>().Length);
        bool isAborted = kind is ProviderEventKind.AbortedTask;
        return new ProviderEvent(
            kind, Unit: $"{random.Next(2)}.service", isAborted ? (AbortedTaskKeys)random.Next(1, 16) : AbortedTaskKeys.None, order,
            monotonic + random.Next(-2, 3), Sequence: random.Next(3), Task: (ulong)random.Next(4), Value: random.Next(-1, 3));
    }

    private static NodeHistory Any(Random random)
    {
        NodeHistory node = new("com0", "1");
        int order = 0;
        for (int boot = 0; boot < random.Next(1, 5); boot++)
        {
            long clock = random.NextInt64(4000) * Second;
            for (int i = 0; i < random.Next(1, 30); i++)
            {
                clock += random.Next(8) == 0 ? random.NextInt64(-4000, 4000) * Second : 0;
                long monotonic = random.NextInt64(500) * Second;
                EntryTime time = new(Math.Max(0, clock + monotonic), monotonic);
                node.Add($"{boot}", new AgentEvent(
                    (AgentEventKind)random.Next(Enum.GetValues<AgentEventKind>().Length), time, order++,
                    Usec: random.NextInt64(1000) * Second, OverlapUsec: random.Next(5), Job: (uint)random.Next(1, 5),
                    From: (ReportedState)random.Next((int)ReportedState.Off), To: (ReportedState)random.Next((int)ReportedState.Off),
                    End: (LendingEnd)random.Next(5), Reason: s_reasons[random.Next(s_reasons.Length)]));
                node.Add($"{boot}", Line(random, monotonic, order++), time);
            }
        }

        node.LentTo.Add("0.service");
        return node;
    }
}
