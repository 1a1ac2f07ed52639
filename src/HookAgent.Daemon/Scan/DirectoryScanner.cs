using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Scan;

/// <summary>Reads the job directory into the event that the machine understands, and reports what is odd in it once.</summary>
/// <param name="proofOfBoot">
/// The directory's proof as the boot made it, before this agent started. One that a boot seems to have made since is not
/// believed: nothing boots beside a running agent.
/// </param>
internal sealed class DirectoryScanner(JobDirectory directory, BootId? boot, RecordIdentity? proofOfBoot, StaleRecords stale, ILogger logger)
{
    private readonly Dictionary<JobId, uint> _users = [];
    private string _lastOddity = "";
    private RecordIdentity? _refusedProof;

    /// <summary>The job's user as its record told, for the journal; null where nobody said.</summary>
    public uint? UserOf(JobId job) => _users.TryGetValue(job, out uint user) ? user : null;

    public DirectoryRead Scan()
    {
        JobReading reading = ReadWhole();
        ImmutableSortedDictionary<JobId, BootTime?>.Builder jobs =
            ImmutableSortedDictionary.CreateBuilder<JobId, BootTime?>();
        bool foreign = false;
        foreach (JobRecord record in reading.Records)
        {
            jobs[record.Job] = record.StartedBootTime;
            if (record.Uid is { } user)
            {
                _users[record.Job] = user;
            }
        }

        foreach (UnreadableEntry entry in reading.Unreadable)
        {
            // Whatever is wrong with it, a file named after a job says that the job is here.
            if (entry.Job is { } job)
            {
                jobs[job] = jobs.GetValueOrDefault(job);
            }
            else
            {
                foreign = true;
            }
        }

        // systemd's condition counts them too: the provider could not be started beside them.
        foreach (JobRecord old in reading.OtherBoot)
        {
            if (reading.Identities.TryGetValue(old.Job, out RecordIdentity read)
                && directory.Remove(old.Job, read).Outcome is RecordOutcome.Done)
            {
                logger.RecordOfAnotherBoot(old.Job);
            }
        }

        LogOddities(reading);
        if (reading.Directory is DirectoryCondition.Readable)
        {
            stale.See(reading.Records);
        }

        return new DirectoryRead(
            reading.Directory,
            reading.Complete && !RefusesProof(reading),
            jobs.ToImmutable(),
            foreign);
    }

    /// <summary>What an agent took aside that was killed over it, or could not put it back, is put back first.</summary>
    private JobReading ReadWhole()
    {
        JobReading reading = directory.Read(boot);
        if (!reading.Unreadable.Any(static entry => entry.Why is UnreadableWhy.TakenAside))
        {
            return reading;
        }

        try
        {
            directory.PutBackTaken();
        }
        catch (Exception unlisted) when (unlisted is IOException or UnauthorizedAccessException)
        {
            // It counts for its job where it is.
            return reading;
        }

        return directory.Read(boot);
    }

    /// <summary>
    /// Takes away the proof that systemd-tmpfiles made when somebody ran it with --boot: with --remove it has discarded the
    /// records of jobs that run. The agent that is started next would take it for that of a soft-reboot.
    /// </summary>
    private bool RefusesProof(JobReading reading)
    {
        if (reading.ProofOfBoot is not { } proof || proof == proofOfBoot)
        {
            return false;
        }

        if (_refusedProof != proof)
        {
            _refusedProof = proof;
            logger.ProofRefused(directory.Path);
        }

        DirectoryProof.Withdraw(directory.Path);
        return true;
    }

    /// <summary>A job is gone for good.</summary>
    public void ForgetUser(JobId job) => _users.Remove(job);

    private void LogOddities(JobReading reading)
    {
        bool isReadable = reading.Directory is DirectoryCondition.Readable;
        string oddity = isReadable
            ? string.Join(", ", reading.Unreadable.Select(entry => $"{Printable(entry.Name)} ({Why(entry)})"))
            : WhyDirectory(reading);
        if (oddity != _lastOddity && oddity.Length > 0)
        {
            if (isReadable)
            {
                logger.RecordUnreadable(directory.Path, oddity);
            }
            else
            {
                logger.DirectoryUnusable(directory.Path, oddity);
            }
        }

        _lastOddity = oddity;
    }

    /// <summary>journalctl shows a message with control characters as "blob data".</summary>
    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));

    private static string WhyDirectory(JobReading reading) => reading.Directory switch
    {
        DirectoryCondition.Readable => "",
        DirectoryCondition.Missing => "it is missing",
        DirectoryCondition.NotADirectory => "something else is in its place",
        DirectoryCondition.Unreadable => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(reading.Errno),
    };

    private static string Why(UnreadableEntry entry) => entry.Why switch
    {
        UnreadableWhy.NameIsNoJobId => "its name is no job id",
        UnreadableWhy.NotARegularFile => "it is no regular file",
        UnreadableWhy.TooLarge => "it is too large",
        UnreadableWhy.NotThisJob => "it is not of this job",
        UnreadableWhy.TakenAside => "it could be neither removed nor put back",
        UnreadableWhy.ReadFailed => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(entry.Errno),
    };
}
