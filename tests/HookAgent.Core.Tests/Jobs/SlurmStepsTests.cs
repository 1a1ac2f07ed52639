using System.Text;
using HookAgent.Core.Jobs;
using HookAgent.Tests;

namespace HookAgent.Core.Tests.Jobs;

public sealed class SlurmStepsTests : IDisposable
{
    private readonly TemporaryFolder _proc = new();

    public void Dispose() => _proc.Dispose();

    [Theory]
    [InlineData("slurmstepd: [123.batch]", "123")]
    [InlineData("slurmstepd: [123.extern]\0", "123")]
    [InlineData("slurmstepd: [4294967293.0]", "4294967293")]
    [InlineData("slurmstepd: [12]", "12")]
    [InlineData("slurmstepd: [123.4+1]", "123")]
    [InlineData("slurmstepd: [4294967294.0]", null)]
    [InlineData("slurmstepd: [0.0]", null)]
    [InlineData("slurmstepd: [012.0]", "12")]
    [InlineData("slurmstepd: [12x.0]", null)]
    [InlineData("slurmstepd: [-1.0]", null)]
    [InlineData("slurmstepd: [.0]", null)]
    [InlineData("slurmstepd: [123", null)]
    [InlineData("slurmstepd", null)]
    [InlineData("/usr/sbin/slurmstepd infinity", null)]
    [InlineData("xslurmstepd: [1.0]", null)]
    [InlineData("", null)]
    public void The_title_names_the_job(string title, string? job) =>
        Assert.Equal(job, SlurmSteps.JobOfTitle(Encoding.ASCII.GetBytes(title))?.ToString());

    [Theory]
    [InlineData("slurmstepd: [123.batch]", true)]
    [InlineData("slurmstepd: [123.extern]\0", true)]
    [InlineData("slurmstepd: [123.interactive]", true)]
    [InlineData("slurmstepd: [123.0]", false)]
    [InlineData("slurmstepd: [123]", false)]
    [InlineData("slurmstepd: [123.batches]", false)]
    public void The_title_tells_a_step_that_lasts_as_long_as_the_job(string title, bool spans) =>
        Assert.Equal(spans, SlurmSteps.SpansJob(Encoding.ASCII.GetBytes(title)));

    [Fact]
    public void Only_roots_slurmstepd_count()
    {
        Process(10, "slurmstepd", "slurmstepd: [17.batch]", 0);
        Process(11, "slurmstepd", "slurmstepd: [17.extern]", 0);
        Process(12, "slurmstepd", "slurmstepd: [18.0]", 1000);
        Process(13, "bash", "slurmstepd: [19.0]", 0);
        Process(14, "slurmstepd", "", 0);
        Process(15, "slurmstepd", "/usr/sbin/slurmstepd infinity", 0);
        Directory.CreateDirectory(_proc["16"]);
        Process("self", "slurmstepd", "slurmstepd: [20.0]", 0);
        File.WriteAllText(_proc["17"], "");
        SlurmSteps steps = new(_proc.Path);
        Assert.Equal([(10, "17"), (11, "17")], steps.Scan().Select(step => (step.Process, step.Job.ToString())).Order());
        Assert.Equal("17", steps.JobOf(11).ToString());
        Assert.Null(steps.JobOf(12));
        Assert.Null(steps.JobOf(99));
    }

    /// <summary>What a user can bring about: a program of another name, or a set-user-ID one; and what slurmstepd does itself.</summary>
    [Theory]
    [InlineData("slurmstepd", "0\t0\t0\t0", true)]
    [InlineData("slurmstepd", "0\t1000\t0\t1000", true)]
    [InlineData("slurmstepd", "1000\t0\t0\t0", false)]
    [InlineData("slurmstepd", "0\t1000\t1000\t1000", false)]
    [InlineData("slurmstepd", "0\t0\t1000\t0", false)]
    [InlineData("slurmstepd", "0", false)]
    [InlineData("slurmstepd2", "0\t0\t0\t0", false)]
    [InlineData("slurmstepd ", "0\t0\t0\t0", false)]
    [InlineData("slurmstep", "0\t0\t0\t0", false)]
    public void A_title_alone_is_no_step(string name, string ids, bool counts)
    {
        Process(10, name, "slurmstepd: [17.batch]", 0);
        File.WriteAllText(_proc["10/status"], $"Name:\t{name}\nUid:\t{ids}\nGid:\t0\t0\t0\t0\n");
        Assert.Equal(counts ? ["17"] : [], new SlurmSteps(_proc.Path).Scan().Select(step => step.Job.ToString()));
    }

    /// <summary>A title is read in the process's memory, which its owner may keep from being read (mmap of a file that never comes): as a FIFO here.</summary>
    [Fact]
    public void Nobody_elses_title_is_waited_for()
    {
        Process(10, "slurmstepd", "", 1000);
        File.Delete(_proc["10/cmdline"]);
        using System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", _proc["10/cmdline"]);
        made.WaitForExit();
        List<SlurmStep>? steps = null;
        Thread scan = new(() => steps = new SlurmSteps(_proc.Path).Scan()) { IsBackground = true };
        scan.Start();
        Assert.True(scan.Join(TimeSpan.FromSeconds(20)), "it waits for the title");
        Assert.Empty(steps!);
    }

    [Fact]
    public void A_real_proc_can_be_read() => _ = new SlurmSteps("/proc").Scan();

    private void Process(int id, string name, string title, int user) =>
        Process(id.ToString(System.Globalization.CultureInfo.InvariantCulture), name, title, user);

    private void Process(string id, string name, string title, int user)
    {
        Directory.CreateDirectory(_proc[id]);
        File.WriteAllText(_proc[$"{id}/comm"], name + "\n");
        File.WriteAllText(_proc[$"{id}/cmdline"], title);
        File.WriteAllText(_proc[$"{id}/status"], $"Name:\t{name}\nUmask:\t0022\nUid:\t{user}\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    }
}
