using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

public sealed class BusNameTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    [Fact]
    public void A_name_is_owned_taken_queued_and_lost()
    {
        using Peer peer = new(daemon, "test.rival");
        using BusConnection bus = daemon.Open();
        using BusConnection other = daemon.Open();
        int lost = 0;
        bus.WatchNameLostAsync("test.name", () => lost++);

        Assert.Equal(NameRequestOutcome.Owned, Request(bus, "test.name", NameRequestOptions.AllowReplacement));
        Assert.Equal(NameRequestOutcome.AlreadyOwned, Request(bus, "test.name", NameRequestOptions.AllowReplacement));
        Assert.Equal(NameRequestOutcome.Taken, Request(other, "test.name", NameRequestOptions.DoNotQueue));
        Assert.Equal(NameRequestOutcome.Queued, Request(other, "test.name", NameRequestOptions.None));
        Assert.Equal(0, lost);

        peer.Tell("own test.name");
        Assert.Equal("owned 1", peer.Says());
        PollLoop.Until(() => lost == 1, bus);
    }

    [Fact]
    public void A_name_the_policy_keeps_from_us_is_refused()
    {
        using PrivateBus strict = PrivateBus.WithPolicy("""<deny own="test.forbidden"/>""");
        using BusConnection bus = strict.Open();
        string? error = null;
        NameRequestOutcome outcome = NameRequestOutcome.Owned;
        bus.RequestNameAsync("test.forbidden", NameRequestOptions.DoNotQueue, (told, reply) =>
        {
            outcome = told;
            error = reply.ErrorName;
        });
        PollLoop.Until(() => error is not null, bus);
        Assert.Equal(NameRequestOutcome.Refused, outcome);
        Assert.Equal(BusErrorNames.AccessDenied, error);
    }

    [Fact]
    public void The_owner_of_a_name_is_told_now_and_at_each_change()
    {
        using Peer peer = new(daemon, "test.wanderer");
        using BusConnection bus = daemon.Open();
        List<string> owners = [];
        List<string> nobody = [];
        bus.WatchOwnerAsync("test.wanderer", owners.Add);
        bus.WatchOwnerAsync("test.nobody", nobody.Add);
        PollLoop.Until(() => owners.Count == 1 && nobody.Count == 1, bus);
        Assert.Equal([peer.UniqueName], owners);
        Assert.Equal([""], nobody);

        peer.Tell("disown test.wanderer");
        PollLoop.Until(() => owners.Count == 2, bus);
        Assert.Equal("", owners[1]);
        peer.Tell("own test.wanderer");
        PollLoop.Until(() => owners.Count == 3, bus);
        Assert.Equal(peer.UniqueName, owners[2]);
        peer.Kill();
        PollLoop.Until(() => owners.Count == 4, bus);
        Assert.Equal("", owners[3]);
        Assert.Single(nobody);
    }

    [Fact]
    public void A_sender_that_has_left_has_no_user()
    {
        using Peer peer = new(daemon, "test.brief");
        using BusConnection bus = daemon.Open();
        ReceivedCall? kept = null;
        bus.AddObject("/brief", call =>
        {
            kept = call;
            return true;
        });
        peer.Tell($"call {bus.UniqueName} /brief test.B Ask - ()");
        PollLoop.Until(() => kept is not null, bus);
        peer.Kill();
        List<string> owners = [];
        bus.WatchOwnerAsync(peer.UniqueName, owners.Add);
        PollLoop.Until(() => owners.Contains(""), bus);

        bool asked = false;
        uint? uid = 0;
        bus.QueryUserAsync(kept!.Sender, found =>
        {
            asked = true;
            uid = found;
        });
        PollLoop.Until(() => asked, bus);
        Assert.Null(uid);
    }

    private static NameRequestOutcome Request(BusConnection bus, string name, NameRequestOptions options)
    {
        NameRequestOutcome? outcome = null;
        bus.RequestNameAsync(name, options, (told, _) => outcome = told);
        PollLoop.Until(() => outcome is not null, bus);
        return outcome!.Value;
    }
}
