using System.Diagnostics;
using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Tests;

namespace HookAgent.Core.Tests.Jobs;

public sealed class RecordRemovalTests : IDisposable
{
    private static readonly JobId Job = JobRecordTests.Id("17");

    private readonly TemporaryFolder _folder = new();
    private readonly JobDirectory _jobs;

    public RecordRemovalTests() => _jobs = new JobDirectory(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private RecordIdentity Identity => _jobs.Read(null).Identities[Job];

    private string[] Names => [.. Directory.GetFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path))];

    [Fact]
    public void The_record_that_was_read_is_removed_and_a_later_one_of_the_job_is_not()
    {
        _jobs.Add(new JobRecord(Job));
        RecordIdentity first = Identity;
        _jobs.Add(new JobRecord(Job));
        Assert.NotEqual(first, Identity);
        Assert.Equal(RecordOutcome.WasNotThere, _jobs.Remove(Job, first).Outcome);
        Assert.Equal(["17"], Names);
        Assert.Equal(RecordOutcome.Done, _jobs.Remove(Job, Identity).Outcome);
        Assert.Empty(Names);
        Assert.Equal(RecordOutcome.WasNotThere, _jobs.Remove(Job, first).Outcome);
    }

    /// <summary>By hand-over of one record after the other, as fast as both sides can: none of the later ones is lost.</summary>
    [Fact]
    public void A_record_that_comes_while_its_predecessor_is_removed_is_never_lost()
    {
        long began = Stopwatch.GetTimestamp();
        int removed = 0;
        for (int round = 0; round < 3000 && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5); round++)
        {
            _jobs.Add(new JobRecord(Job));
            RecordIdentity before = Identity;
            using Barrier start = new(2);
            Thread prolog = new(() =>
            {
                start.SignalAndWait();
                _jobs.Add(new JobRecord(Job) { Restart = 1 });
            });
            prolog.Start();
            start.SignalAndWait();
            removed += _jobs.Remove(Job, before).Outcome is RecordOutcome.Done ? 1 : 0;
            prolog.Join();
            Assert.Equal(["17"], Names);
            Assert.Equal(1u, _jobs.Read(null).Records.Single().Restart);
        }

        Assert.InRange(removed, 1, 3000);
    }

    [Theory]
    [InlineData("link")]
    [InlineData("fifo")]
    [InlineData("garbled")]
    public void What_is_no_record_has_an_identity_too(string what)
    {
        switch (what)
        {
            case "link":
                File.CreateSymbolicLink(_folder["17"], "/nonexistent");
                break;
            case "fifo":
                Process.Start("mkfifo", _folder["17"]).WaitForExit();
                break;
            default:
                File.WriteAllText(_folder["17"], "JOB_ID=99\n");
                break;
        }

        Assert.Equal(RecordOutcome.Done, _jobs.Remove(Job, Identity).Outcome);
        Assert.Empty(Names);
    }

    [Fact]
    public void What_cannot_be_removed_stays_where_it_was()
    {
        Directory.CreateDirectory(_folder["17"]);
        Assert.Equal(RecordOutcome.RemoveFailed, _jobs.Remove(Job, Identity).Outcome);
        Assert.Equal(["17"], Names);
    }

    [Fact]
    public void What_was_taken_is_put_back_unless_there_is_a_newer_one()
    {
        JobId other = JobRecordTests.Id("18");
        _jobs.Add(new JobRecord(Job) { Restart = 0 });
        File.Move(_folder["17"], _folder[".17.taken"]);
        _jobs.Add(new JobRecord(other) { Restart = 0 });
        File.Move(_folder["18"], _folder[".18.taken"]);
        _jobs.Add(new JobRecord(other) { Restart = 1 });
        File.WriteAllText(_folder[".x.taken"], "");
        File.WriteAllText(_folder[".19.4711"], "");

        _jobs.PutBackTaken();

        Assert.Equal([".19.4711", ".x.taken", "17", "18"], Names.Order(StringComparer.Ordinal));
        Assert.Equal([0u, 1u], _jobs.Read(null).Records.Select(record => record.Restart!.Value));
    }

    /// <summary>As on a file system that has become read-only in between, or until the agent has looked again.</summary>
    [Fact]
    public void What_was_taken_and_is_not_put_back_counts_for_its_job_and_can_be_removed()
    {
        _jobs.Add(new JobRecord(Job));
        RecordIdentity record = Identity;
        File.Move(_folder["17"], _folder[".17.taken"]);

        JobReading reading = _jobs.Read(null);

        Assert.Equal(new UnreadableEntry(".17.taken", Job, UnreadableWhy.TakenAside), Assert.Single(reading.Unreadable));
        Assert.Equal(record, reading.Identities[Job]);
        Assert.Equal(RecordOutcome.Done, _jobs.Remove(Job, record).Outcome);
        Assert.Empty(Names);
    }

    [Fact]
    public void A_newer_record_is_known_by_itself_and_not_by_what_was_taken()
    {
        _jobs.Add(new JobRecord(Job));
        RecordIdentity first = Identity;
        File.Move(_folder["17"], _folder[".17.taken"]);
        _jobs.Add(new JobRecord(Job));

        Assert.Equal(RecordIdentity.Of(_folder["17"]), Identity);
        Assert.Equal(RecordOutcome.WasNotThere, _jobs.Remove(Job, first).Outcome);
        Assert.Contains("17", Names);
    }

    [Theory]
    [InlineData("17:1763824800123456789", true)]
    [InlineData("18446744073709551615:-5", true)]
    [InlineData("", false)]
    [InlineData("17", false)]
    [InlineData(":1", false)]
    [InlineData("17:", false)]
    [InlineData("+17:1", false)]
    [InlineData("17:1:1", false)]
    [InlineData("18446744073709551616:1", false)]
    public void An_identity_is_read_as_it_is_written(string text, bool good)
    {
        Assert.Equal(good, RecordIdentity.TryParse(text, out RecordIdentity identity));
        Assert.Equal(good ? text : "0:0", identity.ToString());
    }

    [Fact]
    public void A_record_keeps_its_identity_as_long_as_it_is_there()
    {
        _jobs.Add(new JobRecord(Job));
        RecordIdentity before = Identity;
        Assert.Equal(before, Identity);
        Assert.Equal(before, RecordIdentity.Of(_folder["17"]));
        Assert.Equal(File.GetLastWriteTimeUtc(_folder["17"]).Ticks - DateTime.UnixEpoch.Ticks, long.Parse(before.ToString().Split(':')[1], CultureInfo.InvariantCulture) / 100);
        Assert.Null(RecordIdentity.Of(_folder["18"]));
    }
}
