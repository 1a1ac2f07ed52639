using System.Runtime.InteropServices;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;
using HookAgent.Tests;

namespace HookAgent.Core.Tests.Jobs;

public sealed partial class JobDirectoryTests : IDisposable
{
    private const int ENOENT = 2;
    private const int EACCES = 13;
    private const int EISDIR = 21;
    private const int ENAMETOOLONG = 36;

    private static readonly BootId Boot = new(1);
    private static readonly JobId Job = JobRecordTests.Id("17");

    private readonly TemporaryFolder _folder = new();
    private readonly JobDirectory _jobs;

    public JobDirectoryTests() => _jobs = new JobDirectory(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_added_record_is_read_and_a_removed_one_is_not()
    {
        JobRecord record = new(Job) { Uid = 1000, Boot = Boot, StartedBootTime = new BootTime(5) };
        Assert.Equal(RecordOutcome.Done, _jobs.Add(record).Outcome);
        Assert.Equal([record], _jobs.Read(Boot).Records.AsEnumerable());
        Assert.Equal([_folder["17"]], Directory.GetFileSystemEntries(_folder.Path));

        Assert.Equal(RecordOutcome.Done, _jobs.Remove(Job).Outcome);
        Assert.Empty(_jobs.Read(Boot).Records);
        Assert.Equal(new RecordChange(RecordOutcome.WasNotThere), _jobs.Remove(Job));
    }

    [Fact]
    public void Adding_again_replaces_the_record()
    {
        _jobs.Add(new JobRecord(Job) { Restart = 0, User = "somebody" });
        _jobs.Add(new JobRecord(Job) { Restart = 1 });
        Assert.Equal([new JobRecord(Job) { Restart = 1 }], _jobs.Read(Boot).Records.AsEnumerable());
    }

    [Fact]
    public void The_mode_does_not_depend_on_the_umask()
    {
        uint before = UMask(0x3F); // 077
        try
        {
            _jobs.Add(new JobRecord(Job));
        }
        finally
        {
            _ = UMask(before);
        }

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(_folder["17"]));
    }

    [Fact]
    public void What_a_killed_hook_left_does_not_stand_in_the_way()
    {
        string leftover = _folder[$".17.{Environment.ProcessId}"];
        File.CreateSymbolicLink(leftover, _folder["victim"]);
        Assert.Equal(RecordOutcome.Done, _jobs.Add(new JobRecord(Job)).Outcome);
        Assert.Equal([_folder["17"]], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Null(new FileInfo(_folder["17"]).LinkTarget);
    }

    [Fact]
    public void A_record_replaces_a_symlink_at_its_place_and_not_its_target()
    {
        File.WriteAllText(_folder["18"], "JOB_ID=18\n");
        File.CreateSymbolicLink(_folder["17"], _folder["18"]);
        Assert.Equal(RecordOutcome.Done, _jobs.Add(new JobRecord(Job)).Outcome);
        Assert.Equal("JOB_ID=18\n", File.ReadAllText(_folder["18"]));
        Assert.Equal("JOB_ID=17\n", File.ReadAllText(_folder["17"]));
    }

    [Fact]
    public void A_failed_add_says_why_and_leaves_nothing()
    {
        Directory.CreateDirectory(_folder["17/inside"]);
        Assert.Equal(new RecordChange(RecordOutcome.RenameFailed, EISDIR), _jobs.Add(new JobRecord(Job)));
        Assert.Equal(new RecordChange(RecordOutcome.RemoveFailed, EISDIR), _jobs.Remove(Job));
        Assert.Equal([_folder["17"]], Directory.GetFileSystemEntries(_folder.Path));

        Assert.Equal(new RecordChange(RecordOutcome.CreateFailed, ENOENT), new JobDirectory(_folder["gone"]).Add(new JobRecord(Job)));
        Assert.Equal(RecordOutcome.WasNotThere, new JobDirectory(_folder["gone"]).Remove(Job).Outcome);
        JobDirectory tooLong = new("/" + new string('x', 5000));
        Assert.Equal(new RecordChange(RecordOutcome.CreateFailed, ENAMETOOLONG), tooLong.Add(new JobRecord(Job)));
        Assert.Equal(new RecordChange(RecordOutcome.RemoveFailed, ENAMETOOLONG), tooLong.Remove(Job));
    }

    [Fact]
    public void Tells_the_conditions_of_the_directory_apart()
    {
        Assert.Equal(DirectoryCondition.Missing, new JobDirectory(_folder["gone"]).Read(Boot).Directory);

        File.WriteAllText(_folder["file"], "");
        Assert.Equal(DirectoryCondition.NotADirectory, new JobDirectory(_folder["file"]).Read(Boot).Directory);
        Assert.Equal(DirectoryCondition.NotADirectory, new JobDirectory(_folder["file/below"]).Read(Boot).Directory);

        File.CreateSymbolicLink(_folder["link"], _folder.Path);
        Assert.Equal(DirectoryCondition.NotADirectory, new JobDirectory(_folder["link"]).Read(Boot).Directory);

        JobReading tooLong = new JobDirectory("/" + new string('x', 5000)).Read(Boot);
        Assert.Equal((DirectoryCondition.Unreadable, ENAMETOOLONG), (tooLong.Directory, tooLong.Errno));
    }

    [Fact]
    public void The_proof_lies_in_the_directory_and_goes_with_it()
    {
        JobDirectory jobs = new(_folder["jobs"]);
        Directory.CreateDirectory(jobs.Path);
        Assert.False(jobs.Read(Boot).Complete);
        using DirectoryProof proof = new(jobs.Path);
        Assert.Equal((0, 0), (proof.Make(), proof.Make()));
        jobs.Add(new JobRecord(Job));
        JobReading reading = jobs.Read(Boot);
        Assert.True(reading.Complete);
        Assert.Equal((1, 0), (reading.Records.Length, reading.Unreadable.Length));

        Directory.Move(jobs.Path, _folder["moved"]);
        Directory.CreateDirectory(jobs.Path);
        Assert.False(jobs.Read(Boot).Complete);
        Assert.True(new JobDirectory(_folder["moved"]).Read(Boot).Complete);
    }

    [Fact]
    public void The_proof_is_made_in_the_directory_that_was_there_when_Slurm_was_asked_and_in_no_other()
    {
        JobDirectory jobs = new(_folder["jobs"]);
        Directory.CreateDirectory(jobs.Path);
        using DirectoryProof proof = new(jobs.Path);
        Directory.Delete(jobs.Path);
        Directory.CreateDirectory(jobs.Path);
        Assert.Equal(ENOENT, proof.Make());
        Assert.False(jobs.Read(Boot).Complete);
    }

    /// <summary>By its identity a soft-reboot is told from a restart of the agent, and a reconcile is neither.</summary>
    [Fact]
    public void Of_the_boot_is_only_a_proof_that_tmpfiles_made()
    {
        Assert.Null(DirectoryProof.OfBoot(_folder.Path));
        using DirectoryProof proof = new(_folder.Path);
        proof.Make();
        Assert.Null(DirectoryProof.OfBoot(_folder.Path));
        Assert.Equal((true, null), (_jobs.Read(Boot).Complete, _jobs.Read(Boot).ProofOfBoot));

        File.WriteAllText(_folder[DirectoryProof.FileName], "5a3c7e1f9b2d4086a1c3e5f708192a3b");
        RecordIdentity? first = DirectoryProof.OfBoot(_folder.Path);
        proof.Make();
        Assert.NotNull(first);
        Assert.Equal(first, DirectoryProof.OfBoot(_folder.Path));
        Assert.Equal((true, first), (_jobs.Read(Boot).Complete, _jobs.Read(Boot).ProofOfBoot));
        File.Delete(_folder[DirectoryProof.FileName]);
        File.WriteAllText(_folder[DirectoryProof.FileName], "5a3c7e1f9b2d4086a1c3e5f708192a3b");
        Assert.NotEqual(first, DirectoryProof.OfBoot(_folder.Path));
    }

    /// <summary>Whoever makes it opens it first and writes then; only what is written tells a boot from a reconcile.</summary>
    [Fact]
    public void A_proof_in_the_making_proves_nothing_and_is_made_by_the_next_reconcile()
    {
        File.WriteAllText(_folder[DirectoryProof.FileName], "");
        Assert.Equal((false, null), (_jobs.Read(Boot).Complete, _jobs.Read(Boot).ProofOfBoot));
        using DirectoryProof proof = new(_folder.Path);
        Assert.Equal(0, proof.Make());
        Assert.True(_jobs.Read(Boot).Complete);
    }

    [Fact]
    public void What_is_no_record_is_told_with_its_reason()
    {
        File.WriteAllText(_folder["1"], "JOB_ID=1\n");
        File.CreateSymbolicLink(_folder["2"], _folder["1"]);
        Assert.Equal(0, MkFifo(_folder["3"]));
        File.WriteAllBytes(_folder["4"], new byte[JobRecordParser.MaxFileBytes + 1]);
        File.WriteAllText(_folder["5"], "JOB_ID=1\n");
        File.WriteAllText(_folder["6"], "");
        Directory.CreateDirectory(_folder["7"]);
        File.WriteAllText(_folder["08"], "JOB_ID=8\n");
        File.WriteAllText(_folder["nine"], "JOB_ID=9\n");
        File.WriteAllText(_folder[".10"], "JOB_ID=10\n");
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["11"]));

        JobReading reading = _jobs.Read(Boot);

        Assert.Equal(DirectoryCondition.Readable, reading.Directory);
        Assert.Equal(["1"], reading.Records.Select(record => record.Job.ToString()));
        Assert.Equal(
            [
                ("08", null, UnreadableWhy.NameIsNoJobId),
                ("11", "11", UnreadableWhy.NotARegularFile),
                ("2", "2", UnreadableWhy.NotARegularFile),
                ("3", "3", UnreadableWhy.NotARegularFile),
                ("4", "4", UnreadableWhy.TooLarge),
                ("5", "5", UnreadableWhy.NotThisJob),
                ("6", "6", UnreadableWhy.NotThisJob),
                ("7", "7", UnreadableWhy.NotARegularFile),
                ("nine", null, UnreadableWhy.NameIsNoJobId),
            ],
            reading.Unreadable.Select(entry => (entry.Name, entry.Job?.ToString(), entry.Why)));
    }

    /// <summary>As with EMFILE and EIO: that it cannot be opened does not say that it is not there.</summary>
    [Fact]
    public void A_record_that_cannot_be_opened_is_told_with_its_job_and_its_identity()
    {
        _jobs.Add(new JobRecord(Job));
        File.SetUnixFileMode(_folder["17"], UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED); // 0755
        JobReading? reading = null;

        // setfsuid(2) is of the thread that calls it, and takes root's power over files from it.
        Thread nobody = new(() =>
        {
            _ = SetFileSystemUser(65534);
            reading = _jobs.Read(Boot);
        });
        nobody.Start();
        nobody.Join();

        Assert.Equal((DirectoryCondition.Readable, 0), (reading!.Directory, reading.Records.Length));
        UnreadableEntry entry = Assert.Single(reading.Unreadable);
        Assert.Equal(("17", (JobId?)Job, UnreadableWhy.ReadFailed, EACCES), (entry.Name, entry.Job, entry.Why, entry.Errno));
        Assert.Equal(RecordIdentity.Of(_folder["17"]), reading.Identities[Job]);
    }

    [Fact]
    public void A_record_as_large_as_allowed_is_read()
    {
        string text = "JOB_ID=17\nPAD=";
        File.WriteAllText(_folder["17"], text + new string('x', JobRecordParser.MaxFileBytes - text.Length));
        Assert.Equal([new JobRecord(Job)], _jobs.Read(Boot).Records.AsEnumerable());
    }

    [Fact]
    public void Records_of_another_boot_are_told_apart()
    {
        JobRecord ours = new(Job) { Boot = Boot };
        JobRecord theirs = new(JobRecordTests.Id("18")) { Boot = new BootId(2) };
        JobRecord unknown = new(JobRecordTests.Id("19"));
        _jobs.Add(theirs);
        _jobs.Add(ours);
        _jobs.Add(unknown);

        JobReading reading = _jobs.Read(Boot);
        Assert.Equal([ours, unknown], reading.Records.AsEnumerable());
        Assert.Equal([theirs], reading.OtherBoot.AsEnumerable());

        Assert.Equal([ours, theirs, unknown], _jobs.Read(null).Records.AsEnumerable());
    }

    [Fact]
    public void Reads_more_records_than_one_listing_holds_in_the_order_of_their_ids()
    {
        JobRecord[] records = [.. Enumerable.Range(1, 1500).Select(i => new JobRecord(JobRecordTests.Id($"{i}")))];
        foreach (JobRecord record in records.Reverse())
        {
            _jobs.Add(record);
        }

        Assert.Equal(records, _jobs.Read(Boot).Records.AsEnumerable());
    }

    [Fact]
    public void A_reader_sees_a_whole_record_or_none()
    {
        Thread writer = new(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _jobs.Add(new JobRecord(Job) { Restart = 1, Boot = Boot });
                _jobs.Add(new JobRecord(Job) { Restart = 2, Boot = Boot });
                _jobs.Remove(Job);
            }
        });
        writer.Start();
        try
        {
            while (writer.IsAlive)
            {
                JobReading reading = _jobs.Read(Boot);
                Assert.Equal(DirectoryCondition.Readable, reading.Directory);
                Assert.Empty(reading.Unreadable);
                Assert.All(reading.Records, record => Assert.True(record.Restart is 1 or 2 && record.Boot == Boot));
            }
        }
        finally
        {
            writer.Join(); // It writes into the folder that goes with this test.
        }
    }

    [Fact]
    public void No_descriptor_is_left_open()
    {
        File.CreateSymbolicLink(_folder["2"], "/etc");
        Assert.Equal(0, MkFifo(_folder["3"]));
        _jobs.Read(Boot);
        _jobs.Add(new JobRecord(Job));

        string[] open = [.. Directory.GetFileSystemEntries("/proc/self/fd")
            .Select(fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(target => target.StartsWith(_folder.Path, StringComparison.Ordinal))];
        Assert.Empty(open);
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint UMask(uint mask);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkFifoAt(string path, uint mode);

    private static int MkFifo(string path) => MkFifoAt(path, 0x1A4);
}
