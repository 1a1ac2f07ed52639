using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace HookAgent.Daemon.Tests.State;

public sealed class HandoverHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_next_agent_knows_what_the_one_before_it_saw()
    {
        HandoverHistory before = History();
        before.Load();
        Assert.Empty(before.Recent);
        before.Add(Done(17, 2.5));
        before.Add(Done(18, 3.5));
        before.Save();
        HandoverHistory after = History();
        after.Load();
        Assert.Equal([("18", 3500UL, 500UL), ("17", 2500UL, 500UL)], after.Recent.Select(handover => (handover.JobId, handover.Usec, handover.OverlapUsec)));
        Assert.Equal(before.Recent, after.Recent);
        Assert.Equal((ulong)_clock.Calendar.ToUnixTimeMilliseconds() * 1000, after.Recent[0].At);
    }

    [Fact]
    public void It_keeps_ten()
    {
        HandoverHistory history = History();
        for (uint job = 1; job <= 25; job++)
        {
            history.Add(Done(job, 1));
        }

        history.Save();
        Assert.Equal(["25", "24", "23", "22", "21", "20", "19", "18", "17", "16"], history.Recent.Select(handover => handover.JobId));
        Assert.Equal(10, File.ReadAllLines(_folder["handovers"]).Length);
    }

    [Fact]
    public void Nothing_is_written_while_nothing_is_new()
    {
        HandoverHistory history = History();
        history.Add(Done(1, 1));
        history.Save();
        File.Delete(_folder["handovers"]);
        history.Save();
        Assert.False(File.Exists(_folder["handovers"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("1 2 3")]
    [InlineData("1 17 2 3 4\n")]
    [InlineData("-1 17 2 3\nx 17 2 3\n1 ../17 2 3\n1 17 99999999999999999999 3\n")]
    public void A_file_that_makes_no_sense_is_none(string text)
    {
        File.WriteAllText(_folder["handovers"], text);
        HandoverHistory history = History();
        history.Load();
        Assert.Empty(history.Recent);
    }

    [Fact]
    public void Good_lines_count_beside_bad_ones()
    {
        File.WriteAllText(_folder["handovers"], "nonsense\n5 17 2000 100\n");
        HandoverHistory history = History();
        history.Load();
        Assert.Equal([new NodeHandover(5, "17", 2000, 100)], history.Recent);
    }

    /// <summary>The start of the agent must neither wait for a writer nor read without end.</summary>
    [Theory]
    [InlineData("mkfifo \"$0\"")]
    [InlineData("ln -s /dev/zero \"$0\"")]
    [InlineData("mkdir \"$0\"")]
    [InlineData("head -c 9000000 /dev/zero >\"$0\"")]
    public void What_lies_in_its_place_holds_up_no_start(string making)
    {
        Child.Run("sh", "-c", making, _folder["handovers"]);
        HandoverHistory history = History();
        history.Load();
        Assert.Empty(history.Recent);
    }

    private static HandoverDone Done(uint job, double milliseconds) => new(
        JobId.TryParse($"{job}", out JobId id) ? id : default, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMicroseconds(500));

    private HandoverHistory History() => new(_folder["handovers"], _clock, NullLogger.Instance);
}
