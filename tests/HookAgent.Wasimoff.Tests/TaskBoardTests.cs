using HookAgent.Wasimoff.Broker;

namespace HookAgent.Wasimoff.Tests;

public sealed class TaskBoardTests
{
    private readonly TaskBoard _board = new();
    private readonly List<long> _given = [];

    private TaskBoard.Seat Connect(string name, int workers)
    {
        TaskBoard.Seat seat = _board.Connect(name, item => _given.Add(item.Id));
        _board.Resize(seat, workers);
        return seat;
    }

    private ProviderCounts CountsOf(string name)
    {
        BoardReport report = _board.Report();
        return report.Counts[report.Names.ToList().IndexOf(name)];
    }

    [Fact]
    public void A_provider_gets_one_task_a_worker()
    {
        _board.Add(3, [100], 0);
        TaskBoard.Seat seat = Connect("com0", 2);
        Assert.Equal([1, 2], _given);
        Assert.True(_board.Complete(seat, 1));
        Assert.Equal([1, 2, 3], _given);
    }

    [Fact]
    public void Tasks_are_dealt_in_turn()
    {
        TaskBoard.Seat first = Connect("com0", 4), second = Connect("com1", 4);
        _board.Add(4, [100], 0);
        Assert.Equal((2, 2), (first.Running.Count, second.Running.Count));
    }

    [Fact]
    public void Lengths_come_in_turn()
    {
        TaskBoard.Seat seat = Connect("com0", 3);
        _board.Add(3, [10, 20], 0);
        Assert.Equal([10, 20, 10], seat.Running.Values.Select(static item => item.Milliseconds));
    }

    [Fact]
    public void What_a_lost_provider_had_is_handed_out_first()
    {
        TaskBoard.Seat lost = Connect("com0", 1);
        _board.Add(2, [100], 0);
        Assert.Equal([1], _board.Disconnect(lost));
        Connect("com1", 1);
        Assert.Equal([1, 1], _given);
        Assert.Equal((1, 1), (CountsOf("com0").Lost, _board.Report().Queued));
    }

    [Fact]
    public void A_result_counts_once_and_only_from_who_has_the_task()
    {
        TaskBoard.Seat lost = Connect("com0", 1);
        _board.Add(1, [100], 0);
        _board.Disconnect(lost);
        TaskBoard.Seat seat = Connect("com1", 1);
        Assert.False(_board.Complete(lost, 1));
        Assert.True(_board.Complete(seat, 1));
        Assert.False(_board.Complete(seat, 1));
        Assert.Equal((0, 1), (CountsOf("com0").Completed, CountsOf("com1").Completed));
    }

    [Fact]
    public void A_draining_provider_loses_nothing_and_gets_nothing_more()
    {
        _board.Keep(new Supply([100], 0));
        TaskBoard.Seat draining = Connect("com0", 2);
        _board.Resize(draining, 1);
        Assert.True(_board.Complete(draining, 1));
        _board.Resize(draining, 0);
        Assert.True(_board.Complete(draining, 2));
        Assert.Equal([1, 2], _given);
        Assert.Empty(_board.Disconnect(draining));
        Assert.Equal((2, 0), (CountsOf("com0").Completed, CountsOf("com0").Lost));
    }

    [Fact]
    public void A_provider_gets_a_task_for_each_worker_as_it_comes()
    {
        _board.Add(3, [100], 0);
        TaskBoard.Seat seat = Connect("com0", 0);
        Assert.Empty(_given);
        _board.Resize(seat, 1);
        Assert.Equal([1], _given);
        _board.Resize(seat, 2);
        Assert.Equal([1, 2], _given);
    }

    [Fact]
    public void Lost_tasks_keep_their_order()
    {
        TaskBoard.Seat lost = Connect("com0", 2);
        _board.Add(3, [100], 0);
        Assert.Equal([1, 2], _board.Disconnect(lost));
        Connect("com1", 3);
        Assert.Equal([1, 2, 1, 2, 3], _given);
    }

    [Fact]
    public void A_connection_without_a_completed_task_was_fruitless()
    {
        _board.Disconnect(Connect("com0", 1));
        TaskBoard.Seat second = Connect("com0", 1);
        _board.Add(1, [100], 0);
        _board.Complete(second, 1);
        _board.Disconnect(second);
        ProviderCounts counts = CountsOf("com0");
        Assert.Equal((2, 1, 100), (counts.Connections, counts.Fruitless, counts.CompletedMilliseconds));
    }

    [Fact]
    public void A_supply_has_a_task_for_every_free_worker_until_it_ends()
    {
        TaskBoard.Seat seat = Connect("com0", 2);
        _board.Keep(new Supply([10, 20], 5));
        Assert.Equal([1, 2], _given);
        _board.Complete(seat, 2);
        Assert.Equal([1, 2, 3], _given);
        _board.Keep(null);
        _board.Complete(seat, 1);
        Assert.Equal([1, 2, 3], _given);
    }
}
