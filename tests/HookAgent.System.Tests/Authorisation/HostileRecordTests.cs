using System.Globalization;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>
/// What only root could have put into the record directory harms nobody either: nothing outside is written, the
/// hook ends in time with 0, and the agent lives on, tells what it found, and does not lend the node beside it.
/// </summary>
public sealed class HostileRecordTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";
    private const string Victim = "/srv/victim";
    private const string Absent = "/srv/not-there";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private string _pid = "";

    /// <summary>The hook's own limit, and process start and end on a busy machine.</summary>
    private static readonly TimeSpan s_hookLimit = TimeSpan.FromSeconds(1 + 0.5);

    [Theory]
    [InlineData("a symlink to a file", $"ln -s {Victim} 4711", "it is no regular file")]
    [InlineData("a symlink to an endless file", "ln -s /dev/zero 4711", "it is no regular file")]
    [InlineData("a FIFO", "mkfifo 4711", "it is no regular file")]
    [InlineData("an endless device", "mknod 4711 c 1 5", "4711")]
    [InlineData("100 MB", "truncate -s 100M .big && mv .big 4711", "it is too large")]
    [InlineData("another job's record", "echo JOB_ID=4712 >4711", "it is not of this job")]
    [InlineData("a hard link to a file", "ln /run/victim-link 4711", "it is not of this job")]
    public void In_a_records_place_it_counts_as_the_job_and_the_Prolog_puts_its_record_there(string what, string make, string told) => Story(() =>
    {
        BootTime since = Plant(make);
        Agent.WaitFor("busy", "jobs-recorded");
        Assert.Contains(told, Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.RecordUnreadable}").Message, StringComparison.Ordinal);

        RunHook("prolog");
        Assert.Contains("JOB_ID=4711\n", Node.Read($"{Harness.Agent.Records}/4711"), StringComparison.Ordinal);
        Assert.Equal("regular file 644 1", Node.Run("stat", "-c", "%F %a %h", $"{Harness.Agent.Records}/4711").Text);
        Agent.WaitFor("busy", "jobs-recorded");
        RunHook("epilog");
        NothingHappened(what);
    });

    [Fact]
    public void A_directory_in_a_records_place_is_left_there_and_both_hooks_say_so() => Story(() =>
    {
        BootTime since = Plant("mkdir 4711");
        Agent.WaitFor("busy", "jobs-recorded");
        Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.RecordUnreadable}");
        RunHook("prolog");
        Journal.Await(since, s_patience, $"MESSAGE_ID={MessageIds.RecordNotWritten}", "SLURM_JOB_ID=4711");
        RunHook("epilog");
        Journal.Await(since, s_patience, $"MESSAGE_ID={MessageIds.RecordNotRemoved}", "SLURM_JOB_ID=4711");
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Run("rmdir", $"{Harness.Agent.Records}/4711");
        NothingHappened("a directory");
    });

    /// <summary>The name is known in advance here: exec keeps the process id.</summary>
    [Theory]
    [InlineData($"ln -s {Victim} .4711.$$")]
    [InlineData("ln /run/victim-link .4711.$$")]
    [InlineData("mkfifo .4711.$$")]
    [InlineData($"ln -s {Absent} .4711.$$")]
    public void Something_under_the_temporary_name_is_not_written_to(string make) => Story(() =>
    {
        Plant("true");
        CommandResult said = Node.Shell($"cd {Harness.Agent.Records} && {make} && exec {Hook} prolog 4711");
        Assert.True(said.Took < s_hookLimit, $"the hook took {said.Took.TotalSeconds:0.0} s");
        Assert.Contains("JOB_ID=4711\n", Node.Read($"{Harness.Agent.Records}/4711"), StringComparison.Ordinal);
        Assert.Equal("regular file 644 1", Node.Run("stat", "-c", "%F %a %h", $"{Harness.Agent.Records}/4711").Text);
        Assert.Equal([".complete", "4711"], Node.Run("ls", "-A", Harness.Agent.Records).Lines);
        Agent.WaitFor("busy", "jobs-recorded");
        RunHook("epilog");
        Assert.False(Node.Try("test", "-e", Absent).Succeeded);
        NothingHappened(make);
    });

    [Fact]
    public void A_directory_under_the_temporary_name_makes_the_job_one_without_a_record() => Story(() =>
    {
        BootTime since = Plant("true");
        Node.Shell($"cd {Harness.Agent.Records} && mkdir .4711.$$ && exec {Hook} prolog 4711");
        Journal.Await(since, s_patience, $"MESSAGE_ID={MessageIds.RecordNotWritten}", "SLURM_JOB_ID=4711");
        Agent.WaitFor("unknown", "job-without-record");
        RunHook("epilog");
        Node.Shell($"rmdir {Harness.Agent.Records}/.4711.*");
        NothingHappened("a directory under the temporary name");
    });

    /// <summary>Made in place on a lent node, where the hook would rename: seen at once, and told by their names.</summary>
    [Fact]
    public void Names_that_are_no_job_ids_have_the_node_taken_back_until_the_last_is_gone() => Story(() =>
    {
        string[] names = ["4711x", "04711", "-1", "0", "%2fetc%2fpasswd", "99999999999999999999", "4711\nMESSAGE_ID=0123456789abcdef0123456789abcdef"];
        BootTime since = Plant("true");
        Agent.WaitUntilLent();
        Node.Run(["touch", .. names.Select(name => $"{Harness.Agent.Records}/./{name}")]);
        Agent.WaitFor("unknown", "foreign-entry");
        Assert.Equal("inactive", Provider.ActiveState);
        Eventually.True("the journal names all of them", s_patience, () =>
            Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.RecordUnreadable}").Any(told => names.All(name =>
                told.Message.Contains($"{name.Replace('\n', '?')} (its name is no job id)", StringComparison.Ordinal))));
        Assert.Empty(Journal.Find(since, "MESSAGE_ID=0123456789abcdef0123456789abcdef"));

        Node.Run(["rm", .. names.Skip(1).Select(name => $"{Harness.Agent.Records}/./{name}")]);
        Agent.WaitFor("unknown", "foreign-entry");
        Node.Run("rm", $"{Harness.Agent.Records}/{names[0]}");
        NothingHappened("names");
    });

    /// <summary>A record that somebody makes by hand, without a hook and while the provider runs.</summary>
    [Theory]
    [InlineData("mkdir 4711")]
    [InlineData($"ln -s {Victim} 4711")]
    [InlineData("echo JOB_ID=4711 >4711")]
    public void A_record_made_in_place_takes_a_lent_node_back(string make) => Story(() =>
    {
        Plant("true");
        Agent.WaitUntilLent();
        Node.Shell($"cd {Harness.Agent.Records} && {make}");
        Agent.WaitFor("busy", "jobs-recorded");
        Assert.Equal("inactive", Provider.ActiveState);
        Node.Shell($"rm -r {Harness.Agent.Records}/4711");
        NothingHappened(make);
    });

    /// <summary>A node whose agent runs and has the victims and what <paramref name="make"/> makes in the record directory.</summary>
    private BootTime Plant(string make)
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n[Hook]\nTimeout=1s\n");
        BootTime since = BootClock.Now();
        Node.Shell($"echo precious >{Victim}; echo precious >/run/victim-link; cd {Harness.Agent.Records} && {make}");
        _pid = MainPid();
        return since;
    }

    private void RunHook(string verb)
    {
        CommandResult said = Node.Run(Hook, verb, "4711");
        Assert.True(said.Took < s_hookLimit, $"the {verb} took {said.Took.TotalSeconds:0.0} s");
    }

    /// <summary>The victims are as they were, the agent is the same process and lends the node.</summary>
    private void NothingHappened(string after)
    {
        Agent.WaitUntilLent();
        Assert.Equal("precious\nprecious\n", Node.Run("cat", Victim, "/run/victim-link").Output);
        Assert.Equal(_pid, MainPid());
        long peak = long.Parse(Node.Shell($"sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/{_pid}/status").Text, CultureInfo.InvariantCulture);
        Assert.True(peak < 64 * 1024, $"{after}: the agent grew to {peak} KB");
    }

    private string MainPid() => Node.UnitProperty(Harness.Agent.Unit, "MainPID");
}
