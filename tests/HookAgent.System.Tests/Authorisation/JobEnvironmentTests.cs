using System.Text.RegularExpressions;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>Nothing that a job's user says reaches the hook, and the hook takes nothing over from who starts it.</summary>
public sealed partial class JobEnvironmentTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Each would break or mislead the hook if it came through.</summary>
    private static readonly string[] s_tricks =
    [
        "LD_PRELOAD=/tmp/evil.so", "LD_LIBRARY_PATH=/tmp", "LD_AUDIT=/tmp/evil.so", "GLIBC_TUNABLES=glibc.malloc.check=3",
        "DOTNET_GCHeapHardLimit=1", "DOTNET_gcServer=1", "DOTNET_DbgEnableMiniDump=1", "SPANK_SLURM_JOB_ID=1", "SPANK_LD_PRELOAD=/tmp/evil.so",
        "SLURM_JOB_UID=0", "SLURM_SCRIPT_CONTEXT=epilog_slurmd", "SLURM_JOB_ID=../../etc/x", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/tmp/bus",
    ];

    /// <summary>What the runtime reads of the kernel while it starts; the hook runs no other program that could inherit it.</summary>
    [GeneratedRegex("^openat\\(AT_FDCWD, \"/(proc|sys)/[^\"]*\", O_RDONLY\\)")]
    private static partial Regex RuntimeReadsKernel();

    [GeneratedRegex("^(open|openat|openat2|creat|socket|socketpair|pipe|pipe2|dup|dup2|dup3|accept|accept4|epoll_create1?|eventfd2?|memfd_create)\\(")]
    private static partial Regex MakesDescriptor();

    [Fact]
    public void In_a_real_job_the_hook_gets_slurmds_variables_alone_and_opens_all_files_with_care() => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        string job = "";
        IReadOnlyList<HookTrace> hooks = HookTrace.While(Node, () =>
        {
            job = Node.AsAlice(["env", .. s_tricks, "sbatch", "--parsable", "-D", "/home/alice", "-o", "/home/alice/tricks", $"--export=ALL,{string.Join(',', s_tricks)}", "--wrap", "env; cat /run/hookagent/jobs/$SLURM_JOB_ID"]).Text;
            Slurm.Completed(job);
            Eventually.True("the Epilog is over", s_patience, () => Agent.RecordedJobs.Count == 0);
        });

        // The job had them, and its record is that of alice.
        string seen = Node.Read("/home/alice/tricks");
        Assert.Contains("DOTNET_GCHeapHardLimit=1\n", seen, StringComparison.Ordinal);
        Assert.Contains("LD_PRELOAD=/tmp/evil.so\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nUID=2000\n", seen, StringComparison.Ordinal);

        Assert.Equal(["epilog_slurmd", "prolog_slurmd"], hooks.Select(hook => hook.Context).Order());
        Assert.All(hooks, hook =>
        {
            Assert.Contains($"SLURM_JOB_ID={job}", hook.Environment);
            Assert.Contains("SLURM_JOB_UID=2000", hook.Environment);
            Assert.All(hook.Environment, variable => Assert.StartsWith("SLURM", variable, StringComparison.Ordinal));
            CheckCalls(hook.Calls);
        });
        string temporary = hooks.Single(hook => hook.Context == "prolog_slurmd").Calls.Single(call => call.Contains($"/jobs/.{job}.", StringComparison.Ordinal) && MakesDescriptor().IsMatch(call));
        Assert.All(["O_CREAT", "O_EXCL", "O_NOFOLLOW"], flag => Assert.Contains(flag, temporary, StringComparison.Ordinal));
    });

    [Fact]
    public void Variables_of_users_in_the_hooks_own_environment_are_not_looked_at() => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        Node.Run("env", "SPANK_SLURM_JOB_ID=1", "SPANK_SLURM_JOB_UID=0", "SPANK_LD_PRELOAD=/tmp/evil.so", "SPANK_DOTNET_GCHeapHardLimit=1",
            "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/tmp/bus", "SLURM_SCRIPT_CONTEXT=prolog_slurmd", "SLURM_JOB_ID=4711", "SLURM_JOB_UID=2000", Hook);
        Assert.Equal(["4711"], Agent.RecordedJobs);
        Assert.Contains("\nUID=2000\n", Node.Read($"{Harness.Agent.Records}/4711"), StringComparison.Ordinal);
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Run(Hook, "epilog", "4711");
        Agent.WaitUntilLent();
    });

    [Theory]
    [InlineData("../../etc/x")]
    [InlineData("../boot-id")]
    [InlineData("/etc/x")]
    [InlineData("4711/../x")]
    public void A_job_id_with_path_parts_is_refused(string id) => Story(() =>
    {
        const string look = "find /etc /run/hookagent -printf '%p %s %T@;'";
        string before = Node.Shell(look).Text;
        foreach (string context in (string[])["prolog_slurmd", "epilog_slurmd"])
        {
            BootTime since = BootClock.Now();
            Node.Run("env", $"SLURM_SCRIPT_CONTEXT={context}", $"SLURM_JOB_ID={id}", Hook);
            Assert.Contains(id, Journal.Await(since, s_patience, $"MESSAGE_ID={MessageIds.HookWithoutJob}").Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Node.Shell(look).Text);
    });

    /// <summary>Descriptors that the hook is given are not written to, and where 0 to 2 are closed its record does not get what was meant for them.</summary>
    [Theory]
    [InlineData("<&- >&- 2>&-")]
    [InlineData("<>/srv/victim >&0 2>&0 3<>/srv/victim 4<>/srv/victim 5<>/srv/victim 6<>/srv/victim 7<>/srv/victim 8<>/srv/victim 9<>/srv/victim")]
    public void Inherited_descriptors_are_left_alone(string redirections) => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        Node.Shell($"echo precious >/srv/victim; {Hook} prolog 4711 {redirections}");
        string record = Node.Read($"{Harness.Agent.Records}/4711");
        Assert.StartsWith("JOB_ID=4711\n", record, StringComparison.Ordinal);
        Assert.All(record.TrimEnd('\n').Split('\n'), line => Assert.Matches("^[A-Z_]+=[0-9a-f-]+$", line));
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Shell($"{Hook} epilog 4711 {redirections}; {Hook} prolog ../x {redirections}");
        Assert.Equal("precious\n", Node.Read("/srv/victim"));
        Agent.WaitUntilLent();
    });

    private static void CheckCalls(IReadOnlyList<string> calls)
    {
        string[] made = [.. calls.Where(call => MakesDescriptor().IsMatch(call))];
        Assert.Contains(made, call => call.StartsWith("socket(", StringComparison.Ordinal));
        Assert.All(made, call => Assert.True(
            call.Contains("CLOEXEC", StringComparison.Ordinal) || RuntimeReadsKernel().IsMatch(call), $"without CLOEXEC: {call}"));
        Assert.All(made.Where(call => call.Contains("/run/hookagent", StringComparison.Ordinal)), call => Assert.Contains("O_NOFOLLOW", call, StringComparison.Ordinal));

        // Its own code comes after the last of the runtime's: no exception there.
        int first = Array.FindIndex(made, call => call.Contains("/run/hookagent", StringComparison.Ordinal));
        Assert.All(made[first..], call => Assert.Contains("CLOEXEC", call, StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.StartsWith("execve", StringComparison.Ordinal) || call.StartsWith("fork(", StringComparison.Ordinal) || call.StartsWith("vfork(", StringComparison.Ordinal)
            || (call.StartsWith("clone", StringComparison.Ordinal) && !call.Contains("CLONE_THREAD", StringComparison.Ordinal)));
    }
}
