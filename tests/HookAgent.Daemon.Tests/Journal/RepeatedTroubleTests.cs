using HookAgent.Daemon.Journal;

namespace HookAgent.Daemon.Tests.Journal;

public sealed class RepeatedTroubleTests
{
    private readonly RepeatedTrouble _trouble = new();

    [Fact]
    public void One_cause_is_told_and_told_again_when_it_has_happened_twice_as_often()
    {
        List<long> told = [];
        for (int i = 0; i < 1000; i++)
        {
            if (_trouble.HappenedFor("no space left"))
            {
                told.Add(_trouble.Times);
            }
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], told);
    }

    [Fact]
    public void Causes_without_end_are_told_no_more_often_than_one()
    {
        int told = Enumerable.Range(0, 100_000).Count(number => _trouble.HappenedFor($"cause {number}"));
        Assert.InRange(told, 16, 40);
    }

    [Fact]
    public void After_it_was_over_it_is_new()
    {
        Assert.True(_trouble.HappenedFor("a"));
        Assert.True(_trouble.HappenedFor("a"));
        Assert.False(_trouble.HappenedFor("a"));
        Assert.Equal(3, _trouble.IsOver());
        Assert.Equal(0, _trouble.IsOver());
        Assert.True(_trouble.HappenedFor("a"));
        Assert.Equal(1, _trouble.Times);
    }
}
