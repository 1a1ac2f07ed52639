using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>Everybody may look at the agent on the bus; only root may ask it for something or take its place.</summary>
public sealed class BusPolicyTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Strangers => Stranger.All;

    [Theory]
    [MemberData(nameof(Strangers))]
    public void The_bus_refuses_every_call_but_reading_and_says_so_in_the_journal_to(string who) => Story(() =>
    {
        // A hold and a job without a record: each of the calls would change something.
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        Node.Shell(NodeBus.Call("Hold stb theirs 0 false"));
        Node.Shell(NodeBus.Call("RecordFailed s 4711"));
        Agent.WaitFor("unknown", "job-without-record");
        BootTime since = BootClock.Now();
        string[] calls = [.. NodeBus.ForRoot.Values, NodeBus.JobStarted("4711"), NodeBus.JobEnded("4711"), NodeBus.SetState, NodeBus.LookByRootsName, NodeBus.ReleaseByStatusName];

        (string before, IReadOnlyList<Attempt> attempts, string after) = new Stranger(Node, who).TryBetween(NodeBus.Look, [.. calls, .. NodeBus.OwnNames]);

        Assert.All(attempts, attempt => attempt.WasRefused("access denied"));
        Assert.Equal(before, after);
        Assert.Contains("4711", after, StringComparison.Ordinal);
        Assert.Contains("theirs", after, StringComparison.Ordinal);
        ToldByTheBus(since, [.. NodeBus.ForRoot.Keys, "JobStarted", "JobEnded", "Set", "GetAll"]);

        Node.Shell($"{NodeBus.Call("Release")} && {NodeBus.JobEnded("4711")}");
        Agent.WaitUntilLent();
    });

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Reading_is_for(string who) => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        Assert.All(new Stranger(Node, who).Try(NodeBus.Reading), attempt => attempt.WasAllowed());
    });

    /// <summary>An entry a refused call: dbus-daemon's text says by whom (process and user id) and which, dbus-broker has fields.</summary>
    private void ToldByTheBus(BootTime since, IReadOnlyList<string> members) => Eventually.Get(
        "the bus has told each refusal",
        s_patience,
        () =>
        {
            string[] told = [.. Journal.Find(since, "_SYSTEMD_UNIT=dbus.service").Select(entry => entry.Message)
                .Where(message => message.Contains("Rejected send message", StringComparison.Ordinal) && message.Contains("uid=", StringComparison.Ordinal))];
            return members.All(member => told.Any(line => line.Contains($"member=\"{member}\"", StringComparison.Ordinal))
                || Journal.Find(since, "_SYSTEMD_UNIT=dbus-broker.service", $"DBUS_BROKER_MESSAGE_MEMBER={member}").Length > 0) ? told : null;
        },
        () => "");
}
