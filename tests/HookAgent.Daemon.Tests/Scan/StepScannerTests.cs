using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace HookAgent.Daemon.Tests.Scan;

public sealed class StepScannerTests : IDisposable
{
    /// <summary>More than Linux ever gives, so that its end cannot be watched, as where pidfd_open is not there.</summary>
    private const int NoProcess = int.MaxValue;

    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _clock = new();
    private readonly PidfdWatcher _watch = new();
    private readonly StaleRecords _stale;
    private readonly List<StepsScanned> _told = [];
    private readonly StepScanner _scanner;

    public StepScannerTests()
    {
        Directory.CreateDirectory(_folder["jobs"]);
        SlurmSteps steps = new(_folder["proc"]);
        _stale = new StaleRecords(steps, _clock, NullLogger.Instance);
        DirectoryScanner directory = new(new JobDirectory(_folder["jobs"]), boot: null, proofOfBoot: null, _stale, NullLogger.Instance);
        _scanner = new StepScanner(
            directory, steps, _watch, said => _told.AddRange(said is StepsScanned scanned ? [scanned] : []), _clock, NullLogger.Instance);
    }

    public void Dispose()
    {
        _stale.Dispose();
        _watch.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_step_whose_end_cannot_be_watched_is_looked_for_again()
    {
        string process = FakeStep.Begin(_folder["proc"], NoProcess, "slurmstepd: [17.0]");

        _scanner.Scan();
        Assert.Equal([17u], _told[^1].Found.Select(job => job.Value));
        Assert.Equal(BootTime.Now(_clock) + TimeSpan.FromSeconds(5), _scanner.RescanAt);

        Directory.Delete(process, recursive: true);
        _scanner.Scan();
        Assert.Empty(_told[^1].Found);
        Assert.Null(_scanner.RescanAt);
    }

    /// <summary>The directory is read first, and a Prolog may come before the processes are.</summary>
    [Fact]
    public async Task A_job_that_comes_while_it_is_looked_for_is_not_without_a_record()
    {
        string name = Path.Combine(FakeStep.Begin(_folder["proc"], NoProcess, "slurmstepd: [17.0]"), "comm");
        File.Delete(name);
        Child.Run("mkfifo", name);
        Task prolog = Task.Run(() =>
        {
            // Opens when the scanner does, and has it wait.
            using FileStream answer = new(name, FileMode.Open, FileAccess.Write);
            File.Delete(name);
            File.WriteAllText(name, "slurmstepd\n");
            File.WriteAllText(_folder["jobs/17"], "");
            answer.Write("slurmstepd\n"u8);
        });
        _scanner.Scan();
        await prolog;

        Assert.Empty(_told[^1].Found);
    }
}
