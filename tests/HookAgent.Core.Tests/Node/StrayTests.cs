using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>A running unit that is bound to the agent and is not the one it lends.</summary>
public sealed class StrayTests
{
    private const string Earlier = "earlier.service";

    [Fact]
    public void Beside_a_job_it_is_stopped_and_the_job_waits_for_its_end()
    {
        TestNode node = TestNode.Idle();
        long prolog = node.Prolog(1);
        Assert.True(node.IsAnswered(prolog));
        Assert.Single(node.Told<FindStrays>());

        node.Systemd.Strays = [Earlier];
        node.Systemd.IsRead();
        Assert.Equal([new StrayFound(Earlier, BesideJob: true)], node.Told<StrayFound>());
        Assert.Equal([new StopStray(Earlier)], node.Told<StopStray>());
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        prolog = node.Prolog(2);
        Assert.False(node.IsAnswered(prolog));

        node.Systemd.Strays = [];
        node.Systemd.IsRead();
        Assert.True(node.IsAnswered(prolog));
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Single(node.Told<StopStray>());
        Assert.Empty(node.Told<KillStray>());
    }

    [Fact]
    public void One_that_outlives_its_stop_is_killed()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Systemd.Strays = [Earlier];
        node.Systemd.IsRead();
        node.Passes(11.999);
        Assert.Empty(node.Told<KillStray>());
        node.Passes(0.001);
        Assert.Equal([new KillStray(Earlier)], node.Told<KillStray>());

        // It came back.
        node.Passes(2);
        Assert.Equal(2, node.Told<StopStray>().Count);
    }

    [Fact]
    public void A_stop_that_was_lost_or_was_for_an_earlier_job_is_asked_for_again()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Systemd.Strays = [Earlier];
        node.Systemd.IsRead();
        node.Systemd.IsLost(busToo: false);
        node.Systemd.IsRead();
        Assert.Equal(2, node.Told<StopStray>().Count);
        node.JobEnds(1);
        node.Passes(1000);
        Assert.Empty(node.Told<KillStray>());
        node.JobStarts(2);
        Assert.Equal(3, node.Told<StopStray>().Count);
    }

    [Fact]
    public void Without_a_job_it_is_told_once_and_left_alone()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Strays = [Earlier];
        node.Systemd.IsRead();
        node.Systemd.IsRead();
        node.Passes(1000);
        Assert.Equal([new StrayFound(Earlier, BesideJob: false)], node.Told<StrayFound>());
        Assert.Empty(node.Told<StopStray>());
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);

        node.JobStarts(1);
        Assert.Equal([new StopStray(Earlier)], node.Told<StopStray>());
    }

    [Fact]
    public void Beside_a_job_and_without_systemd_it_ends_the_daemon_as_the_provider_does()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Strays = [Earlier];
        node.Systemd.IsRead();
        node.Systemd.IsLost();
        node.JobStarts(1);
        node.Passes(2);
        Assert.Single(node.Told<GiveUp>());
        Assert.Empty(node.Told<StopStray>());
    }
}
