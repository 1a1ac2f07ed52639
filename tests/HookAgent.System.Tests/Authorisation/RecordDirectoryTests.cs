using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>Users can read the job records, and do nothing to them or to any other file of the agent's.</summary>
public sealed class RecordDirectoryTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";

    /// <summary>Every file of the agent's with what tells a change.</summary>
    private const string Look = "find /run/hookagent /var/lib/hookagent /etc/hookagent /usr/libexec/hookagent /usr/sbin/hookagentd -printf '%p %y %m %U %n %s %T@ %l;'";

    /// <summary>$J is the record directory, with a record 4713 in it; $M an own folder, with a file in it.</summary>
    private static readonly string[] s_attempts =
    [
        ": >$J/99", ": >$J/.99.1", "echo x >>$J/4713", "truncate -s 0 $J/4713", "chmod 666 $J/4713", "touch -d yesterday $J/4713",
        "rm -f $J/4713", "mv $J/4713 $J/4714", "mv $J/4713 $J/.4713", "mv $J/4713 $M/", "mv -T $M/file $J/99", "mv -T $M/file $J/4713",
        "ln -s /etc/passwd $J/99", "ln -s /dev/zero $J/99", "ln -s /etc/passwd $J/.4711.1", "ln /run/hookagent/boot-id $J/99", "ln $J/4713 $J/99",
        ": >>$J/.complete", "rm -f $J/.complete", "mkfifo $J/99", "mkfifo $J/.99.1", "mkdir $J/99", "dd if=/dev/zero of=$J/99 bs=1M count=100", "dd if=/dev/zero of=$J/4713 bs=1M count=100",
        "rmdir $J", "mv $J $J.old", "mv $J $M/", "chmod 777 $J", "chown $(id -u) $J", "chown $(id -u) $J/4713", "ln -s $M /run/hookagent/new",
        ": >/run/hookagent/hook.conf", "rm -f /run/hookagent/hook.conf", "mv -T $M/file /run/hookagent/hook.conf", ": >/run/hookagent/boot-id",
        "rm -f /run/hookagent/boot-id", "rm -rf /run/hookagent", "mv /run/hookagent /run/other", "mount --bind $M $J",
        ": >/var/lib/hookagent/99", "for f in /var/lib/hookagent/*; do : >>$f || exit 1; done", "mkdir /etc/hookagent/hookagent.conf.d/x",
        ": >>/etc/hookagent/hookagent.conf", $": >>{Hook}", $"mv {Hook} $M/",
    ];

    public static TheoryData<string> Strangers => Stranger.All;

    [Theory]
    [MemberData(nameof(Strangers))]
    public void No_file_of_the_agent_can_be_made_changed_moved_or_removed_by(string who) => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        Node.Run(Hook, "prolog", "4713");
        Agent.WaitFor("busy", "jobs-recorded");

        (string before, IReadOnlyList<Attempt> attempts, string after) = new Stranger(Node, who).TryBetween(
            Look, [.. s_attempts.Select(attempt => $"J={Harness.Agent.Records}; M=$(mktemp -d) && trap 'rm -rf $M' EXIT && echo JOB_ID=4713 >$M/file || exit 0; {attempt}")]);

        Assert.Contains("/4713 f 644 0 1 ", before, StringComparison.Ordinal);
        Assert.All(attempts, attempt => attempt.WasRefused("permission denied", "operation not permitted", "must be superuser"));
        Assert.Equal(before, after);
        Node.Run(Hook, "epilog", "4713");
        Agent.WaitUntilLent();
    });
}
