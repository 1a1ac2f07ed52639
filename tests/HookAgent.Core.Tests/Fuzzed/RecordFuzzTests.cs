using HookAgent.Core.Jobs;
using HookAgent.Core.Time;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Core.Tests.Fuzzed;

/// <summary>Whatever lies in the job directory, reading it ends, and nothing that lies there is passed over.</summary>
public sealed class RecordFuzzTests(ITestOutputHelper output)
{
    private const string Boot = "5a3c7e1f9b2d4086a1c3e5f708192a3b";

    private static readonly JobId s_job = JobId.TryParse("17", out JobId job) ? job : throw new InvalidOperationException();

    private static readonly byte[][] s_records =
    [
        "JOB_ID=17\n"u8.ToArray(),
        "JOB_ID=17\nRESTART=3\nUID=1000\nUSER=alice\nPARTITION=debug\nCPUS=4(x2),2\nEND_TIME=1790000000\nSTARTED_USEC=1763824800123456\nSTARTED_BOOTTIME_USEC=8123456\nBOOT_ID=5a3c7e1f9b2d4086a1c3e5f708192a3b\n"u8.ToArray(),
        "JOB_ID=18\nBOOT_ID=00000000000000000000000000000001\n"u8.ToArray(),
        "USER=Jürgen Müller\nJOB_ID=17\nLATER=x\nJOB_ID=17\n"u8.ToArray(),
        [],
    ];

    private static readonly string[] s_names = ["17", "18", "4294967293", "0", "17x", ".17.99", "a name", "Jürgen"];

    [Fact]
    public void A_record_is_this_jobs_or_none() => Fuzz.Run(output, 2, mutator =>
    {
        byte[] text = mutator.Mutate(s_records);
        JobRecord? record = Fuzz.Within(1 << 20, () => JobRecordParser.Parse(s_job, text));
        if (record is null)
        {
            return;
        }

        Assert.Equal(s_job, record.Job);

        // What was read can be written, and then says the same of all that fits.
        byte[] written = new byte[JobRecordFormat.MaxRecordBytes];
        int length = JobRecordFormat.Write(record, written);
        JobRecord? again = JobRecordParser.Parse(s_job, written.AsSpan(0, length));
        Assert.Equal(
            (record.Job, record.Restart, record.Uid, record.EndTime, record.StartedUsec, record.Boot),
            (again!.Job, again.Restart, again.Uid, again.EndTime, again.StartedUsec, again.Boot));
    });

    [Fact]
    public void Every_entry_of_the_directory_is_a_record_or_told()
    {
        using TemporaryFolder folder = new();
        JobDirectory directory = new(folder.Path);
        Assert.True(BootId.TryParse(System.Text.Encoding.ASCII.GetBytes(Boot), out BootId boot));
        Fuzz.Run(output, 3, mutator =>
        {
            HashSet<string> names = [];
            for (int files = mutator.Pick(5); files > 0; files--)
            {
                string name = mutator.Pick(3) > 0 ? mutator.Pick(s_names) : mutator.Mutate(s_names);
                name = string.Concat(name.Where(c => c is not ('\0' or '/' or '\ufffd')));
                if (name is "" or "." or ".." || System.Text.Encoding.UTF8.GetByteCount(name) > 200)
                {
                    continue;
                }

                File.WriteAllBytes(folder[name], mutator.Mutate(s_records));
                names.Add(name);
            }

            JobReading reading = Fuzz.Within(1 << 20, () => directory.Read(boot));
            Assert.Equal(DirectoryCondition.Readable, reading.Directory);
            IEnumerable<string> found =
            [
                .. reading.Records.Select(record => record.Job.ToString()),
                .. reading.OtherBoot.Select(record => record.Job.ToString()),
                .. reading.Unreadable.Select(entry => entry.Name),
            ];
            Assert.Equal(names.Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
            Assert.All(reading.Unreadable, entry => Assert.Equal(JobId.TryParse(entry.Name, out JobId named), entry.Job == named && entry.Job is not null));
            foreach (string name in names)
            {
                File.Delete(folder[name]);
            }
        });
    }
}
