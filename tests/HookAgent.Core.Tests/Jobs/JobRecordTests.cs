using System.Text;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Jobs;

public sealed class JobRecordTests
{
    private static readonly JobId Job = Id("4711");

    private static readonly JobRecord Full = new(Job)
    {
        Restart = 2,
        Uid = 1000,
        User = "élise",
        Partition = "batch",
        Cpus = "4(x2),2",
        EndTime = 1_790_000_000,
        StartedUsec = 1_780_000_000_123_456,
        StartedBootTime = new BootTime(98_765_432),
        Boot = new BootId(UInt128.Parse("0123456789abcdef0123456789abcdef", System.Globalization.NumberStyles.HexNumber)),
    };

    [Fact]
    public void Writes_the_keys_of_the_contract() => Assert.Equal(
        """
        JOB_ID=4711
        RESTART=2
        UID=1000
        USER=élise
        PARTITION=batch
        CPUS=4(x2),2
        END_TIME=1790000000
        STARTED_USEC=1780000000123456
        STARTED_BOOTTIME_USEC=98765432
        BOOT_ID=0123456789abcdef0123456789abcdef

        """,
        Text(Full));

    [Fact]
    public void Reads_back_what_it_wrote() => Assert.Equal(Full, Parse(Text(Full)));

    [Fact]
    public void Leaves_out_what_is_not_known()
    {
        JobRecord bare = new(Job);
        Assert.Equal("JOB_ID=4711\n", Text(bare));
        Assert.Equal(bare, Parse(Text(bare)));
    }

    [Fact]
    public void A_value_cannot_add_a_line()
    {
        string text = Text(new JobRecord(Job) { User = "mallory\nUID=0\rJOB_ID=1\u001b[2J", Partition = "p" });
        Assert.Equal("JOB_ID=4711\nUSER=mallory?UID=0?JOB_ID=1?[2J\nPARTITION=p\n", text);
        Assert.Null(Parse(text)!.Uid);
    }

    [Fact]
    public void A_value_that_is_too_long_is_left_out_whole()
    {
        string longest = new('x', JobRecordFormat.MaxValueBytes);
        Assert.Equal("JOB_ID=4711\n", Text(new JobRecord(Job) { Cpus = longest + "x" }));
        Assert.Equal(longest, Parse(Text(new JobRecord(Job) { Cpus = longest }))!.Cpus);
    }

    [Fact]
    public void The_largest_record_fits()
    {
        string longest = new('x', JobRecordFormat.MaxValueBytes);
        JobRecord largest = new(Id("4294967293"))
        {
            Restart = uint.MaxValue,
            Uid = uint.MaxValue,
            User = longest,
            Partition = longest,
            Cpus = longest,
            EndTime = long.MaxValue,
            StartedUsec = long.MaxValue,
            StartedBootTime = new BootTime(long.MaxValue),
            Boot = Full.Boot,
        };
        Assert.EndsWith("BOOT_ID=0123456789abcdef0123456789abcdef\n", Text(largest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JOB_ID=4711")]
    [InlineData("JOB_ID=4711\n")]
    [InlineData("\n\n\nJOB_ID=4711\n")]
    [InlineData("no equals sign\nJOB_ID=4711\n")]
    [InlineData("NEW_KEY=whatever\nJOB_ID=4711\nNEWER=1\n")]
    [InlineData("JOB_ID=1\nJOB_ID=4711\n")]
    [InlineData("JOB_ID=4711\nUID=-1\n")]
    [InlineData("JOB_ID=4711\nUID=4294967296\n")]
    [InlineData("JOB_ID=4711\nUID=1000 \n")]
    [InlineData("JOB_ID=4711\nUID=+1\n")]
    [InlineData("JOB_ID=4711\nUID=\n")]
    [InlineData("JOB_ID=4711\nEND_TIME=99999999999999999999\n")]
    [InlineData("JOB_ID=4711\nBOOT_ID=0123\n")]
    [InlineData("JOB_ID=4711\nBOOT_ID=0123456789abcdef0123456789abcdefg\n")]
    [InlineData("JOB_ID=4711\nSTARTED_BOOTTIME_USEC=soon\n")]
    public void A_bad_line_costs_only_its_own_key(string text) => Assert.Equal(new JobRecord(Job), Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("UID=0\n")]
    [InlineData("JOB_ID=\n")]
    [InlineData("JOB_ID=4712\n")]
    [InlineData("JOB_ID=4294972007\n")] // 4711 + 2^32
    [InlineData("JOB_ID=4711\nJOB_ID=4712\n")]
    [InlineData(" JOB_ID=4711\n")]
    [InlineData("JOB_ID")]
    public void Without_the_id_of_its_name_it_is_no_record(string text) => Assert.Null(Parse(text));

    internal static JobId Id(string text) => JobId.TryParse(text, out JobId job) ? job : throw new ArgumentException(text);

    private static JobRecord? Parse(string text) => JobRecordParser.Parse(Job, Encoding.UTF8.GetBytes(text));

    private static string Text(JobRecord record)
    {
        Span<byte> buffer = new byte[JobRecordFormat.MaxRecordBytes];
        return Encoding.UTF8.GetString(buffer[..JobRecordFormat.Write(record, buffer)]);
    }
}
