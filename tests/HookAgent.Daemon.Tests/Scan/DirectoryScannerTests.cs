using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.Tests.Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HookAgent.Daemon.Tests.Scan;

public sealed class DirectoryScannerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StaleRecords _stale;
    private readonly DirectoryScanner _scanner;

    public DirectoryScannerTests()
    {
        Directory.CreateDirectory(Jobs);
        _stale = new StaleRecords(new SlurmSteps(_folder.Path), new SetTime(), NullLogger.Instance);
        _scanner = Scanner(proofOfBoot: null);
    }

    private string Jobs => _folder["jobs"];

    private DirectoryScanner Scanner(RecordIdentity? proofOfBoot) => new(new JobDirectory(Jobs), boot: null, proofOfBoot, _stale, NullLogger.Instance);

    public void Dispose()
    {
        _stale.Dispose();
        _folder.Dispose();
    }

    /// <summary>Whenever it comes to that: an agent that could not put a record back may be able to now.</summary>
    [Fact]
    public void A_record_that_was_taken_aside_is_put_back_and_read()
    {
        File.WriteAllText($"{Jobs}/.17.taken", "JOB_ID=17\nSTARTED_BOOTTIME_USEC=5\n");

        DirectoryRead read = _scanner.Scan();

        Assert.Equal([(17u, (BootTime?)new BootTime(5))], read.Recorded.Select(job => (job.Key.Value, job.Value)));
        Assert.False(read.ForeignEntry);
        Assert.Equal([$"{Jobs}/17"], Directory.GetFileSystemEntries(Jobs));
    }

    [Fact]
    public void One_beside_a_newer_record_of_its_job_is_removed()
    {
        File.WriteAllText($"{Jobs}/.17.taken", "JOB_ID=17\nSTARTED_BOOTTIME_USEC=5\n");
        File.WriteAllText($"{Jobs}/17", "JOB_ID=17\nSTARTED_BOOTTIME_USEC=6\n");

        DirectoryRead read = _scanner.Scan();

        Assert.Equal([(17u, (BootTime?)new BootTime(6))], read.Recorded.Select(job => (job.Key.Value, job.Value)));
        Assert.Equal([$"{Jobs}/17"], Directory.GetFileSystemEntries(Jobs));
    }

    /// <summary>Whatever is wrong with it: its name says that the job is here, and that of the other that nobody knows whose it is.</summary>
    [Fact]
    public void A_damaged_record_counts_for_its_job_and_a_name_that_is_none_for_nobody()
    {
        File.WriteAllText($"{Jobs}/17", "JOB_ID=18\n");

        DirectoryRead read = _scanner.Scan();

        Assert.Equal([(17u, (BootTime?)null)], read.Recorded.Select(job => (job.Key.Value, job.Value)));
        Assert.False(read.ForeignEntry);

        File.WriteAllText($"{Jobs}/seventeen", "JOB_ID=17\n");
        Assert.True(_scanner.Scan().ForeignEntry);
    }

    /// <summary>Neither counts as a job: the node is unknown. What is told of a file, that somebody must remove it, is not told of the directory.</summary>
    [Fact]
    public void A_directory_that_is_missing_is_not_told_as_something_in_it()
    {
        KeptMessages kept = new();
        DirectoryScanner scanner = new(new JobDirectory(Jobs), boot: null, proofOfBoot: null, _stale, kept);
        File.WriteAllText($"{Jobs}/seventeen", "");
        _ = scanner.Scan();
        Directory.Delete(Jobs, recursive: true);
        _ = scanner.Scan();
        _ = scanner.Scan();

        Assert.Equal(
        [
            $"The job directory {Jobs} holds what is no usable record: seventeen (its name is no job id). The provider stays off until it is gone.",
            $"The job directory {Jobs} cannot be used: it is missing. The provider stays off until it can.",
        ], kept.Messages);
    }

    /// <summary>Nothing boots beside a running agent. A reconcile may make its proof at any time.</summary>
    [Theory]
    [InlineData("5a3c7e1f9b2d4086a1c3e5f708192a3b", false)]
    [InlineData("reconciled\n", true)]
    public void A_proof_made_since_the_start_is_believed_from_a_reconcile_alone(string written, bool believed)
    {
        string proof = $"{Jobs}/.complete";
        File.WriteAllText(proof, "5a3c7e1f9b2d4086a1c3e5f708192a3b");
        DirectoryScanner scanner = Scanner(DirectoryProof.OfBoot(Jobs));
        Assert.True(scanner.Scan().Complete);

        File.WriteAllText($"{Jobs}/.new", written);
        File.Move($"{Jobs}/.new", proof, overwrite: true);

        Assert.Equal((believed, believed), (scanner.Scan().Complete, File.Exists(proof)));
        Assert.Equal(believed, scanner.Scan().Complete);
    }

    private sealed class KeptMessages : ILogger
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
