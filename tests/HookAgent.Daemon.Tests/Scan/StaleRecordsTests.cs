using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Core.Time;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Tests.Scan;

public sealed class StaleRecordsTests : IDisposable
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _proc = new();
    private readonly SetTime _clock = new();
    private readonly Told _told = new();
    private readonly StaleRecords _stale;

    public StaleRecordsTests() => _stale = new StaleRecords(new SlurmSteps(_proc.Path), _clock, _told);

    public void Dispose()
    {
        _stale.Dispose();
        _proc.Dispose();
    }

    [Fact]
    public void A_record_past_its_end_is_told_once_and_one_wakes_for_nothing_else()
    {
        _stale.See([Record("17", s_hour), Record("18", 2 * s_hour)]);
        BootTime first = BootTime.Now(_clock) + s_hour + StaleRecord.Patience;
        Assert.Equal(first, _stale.NextAt);
        _clock.Pass(s_hour + StaleRecord.Patience - TimeSpan.FromMicroseconds(1));
        _stale.Scan();
        Assert.Empty(_told.Jobs);
        Assert.Equal(first, _stale.NextAt);

        _clock.Pass(TimeSpan.FromMicroseconds(1));
        _stale.Scan();
        Assert.Equal(["17"], _told.Jobs);
        Assert.Equal(first + s_hour, _stale.NextAt);

        _clock.Pass(s_hour);
        _stale.See([Record("17", -s_hour - StaleRecord.Patience), Record("18", TimeSpan.Zero - StaleRecord.Patience)]);
        _stale.Scan();
        _stale.Scan();
        Assert.Equal(["17", "18"], _told.Jobs);
        Assert.Null(_stale.NextAt);
    }

    [Fact]
    public void A_record_that_goes_is_not_told()
    {
        _stale.See([Record("17", s_hour)]);
        _stale.See([]);
        Assert.Null(_stale.NextAt);
        _clock.Pass(2 * s_hour);
        _stale.Scan();
        Assert.Empty(_told.Jobs);
    }

    [Fact]
    public void A_requeued_job_is_another()
    {
        _stale.See([Record("17", -s_hour)]);
        _stale.Scan();
        _stale.See([Record("17", s_hour)]);
        Assert.NotNull(_stale.NextAt);
        _clock.Pass(2 * s_hour);
        _stale.Scan();
        Assert.Equal(["17", "17"], _told.Jobs);
    }

    [Fact]
    public void They_are_counted_as_long_as_they_are_there()
    {
        JobRecord first = Record("17", -s_hour), second = Record("18", -s_hour);
        _stale.See([first, second, Record("19", s_hour)]);
        Assert.Equal(0, _stale.Count);
        _stale.Scan();
        Assert.Equal(2, _stale.Count);
        _stale.See([first, second]);
        _stale.Scan();
        Assert.Equal(2, _stale.Count);
        _stale.See([second]);
        Assert.Equal(1, _stale.Count);
        _stale.See([]);
        Assert.Equal(0, _stale.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(253402300800L)]
    [InlineData(long.MaxValue)]
    public void Without_an_end_there_is_nothing_to_wait_for(long? end)
    {
        _stale.See([new JobRecord(Job("17")) { EndTime = end }]);
        Assert.Null(_stale.NextAt);
        _stale.Scan();
        Assert.Empty(_told.Jobs);
    }

    [Fact]
    public void The_last_end_that_there_is_does_not_overflow()
    {
        _stale.See([new JobRecord(Job("17")) { EndTime = 253402300799 }]);
        Assert.NotNull(_stale.NextAt);
    }

    [Fact]
    public void A_clock_that_is_set_back_puts_it_off_and_one_that_is_set_forward_does_no_harm()
    {
        _stale.See([Record("17", s_hour)]);
        _clock.Pass(s_hour + StaleRecord.Patience);
        _clock.Calendar -= s_hour;
        _stale.Scan();
        Assert.Empty(_told.Jobs);
        Assert.Equal(BootTime.Now(_clock) + s_hour, _stale.NextAt);

        _clock.Calendar += s_hour;
        _stale.Scan();
        Assert.Empty(_told.Jobs);
        _clock.Boot += s_hour;
        _stale.Scan();
        Assert.Equal(["17"], _told.Jobs);
    }

    [Fact]
    public void A_job_that_overruns_is_watched_and_not_stale_before_its_step_has_long_ended()
    {
        using Child step = new("sleep", "1000");
        FakeStep.Begin(_proc.Path, step.Id, "slurmstepd: [17.batch]\0");
        _stale.See([Record("17", -s_hour)]);
        _stale.Scan();
        Assert.Empty(_told.Jobs);
        Assert.Null(_stale.NextAt);
        Assert.Single(Polled(_stale.Poll));

        _clock.Pass(24 * s_hour);
        _stale.Scan();
        Assert.Empty(_told.Jobs);

        Directory.Delete(_proc[$"{step.Id}"], recursive: true);
        _stale.Scan();
        Assert.Empty(_told.Jobs);
        Assert.Empty(Polled(_stale.Poll));
        Assert.Equal(BootTime.Now(_clock) + StaleRecord.Patience, _stale.NextAt);
        _clock.Pass(StaleRecord.Patience);
        _stale.Scan();
        Assert.Equal(["17"], _told.Jobs);
    }

    [Fact]
    public void A_step_that_cannot_be_watched_is_looked_at_again_later()
    {
        FakeStep.Begin(_proc.Path, int.MaxValue, "slurmstepd: [17.batch]\0");
        _stale.See([Record("17", -s_hour)]);
        _stale.Scan();
        Assert.Empty(_told.Jobs);
        Assert.Equal(BootTime.Now(_clock) + StaleRecord.Patience, _stale.NextAt);
    }

    private static JobId Job(string text) => JobId.TryParse(text, out JobId job) ? job : throw new ArgumentException(text);

    private JobRecord Record(string job, TimeSpan endsIn) =>
        new(Job(job)) { EndTime = (_clock.Calendar + endsIn).ToUnixTimeSeconds() };

    private sealed class Told : ILogger
    {
        public List<string> Jobs { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Jobs.Add(((IEnumerable<KeyValuePair<string, object?>>)state!).Single(pair => pair.Key == "SlurmJobId").Value!.ToString()!);
    }

    private static List<PollEntry> Polled(Action<List<PollEntry>> poll)
    {
        List<PollEntry> entries = [];
        poll(entries);
        return entries;
    }
}
