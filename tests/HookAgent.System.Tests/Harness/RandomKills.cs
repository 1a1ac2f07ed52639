using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>Kills the daemon with SIGKILL at once and then at random moments until it is told to stop.</summary>
internal sealed class RandomKills : IDisposable
{
    private const int ShortestMs = 300;
    private const int LongestMs = 2500;
    private readonly CancellationTokenSource _enough = new();
    private readonly Task<BootTime[]> _killing;

    public RandomKills(Node node, int seed) => _killing = Task.Run(() => Kill(node, new Random(seed)));

    /// <summary>The kills, each by a moment just before it.</summary>
    public BootTime[] Stop()
    {
        _enough.Cancel();
        return _killing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Stop();
        _enough.Dispose();
    }

    private BootTime[] Kill(Node node, Random random)
    {
        List<BootTime> kills = [];
        do
        {
            // Between a kill and systemd's restart there is nothing to kill.
            BootTime before = BootClock.Now();
            if (node.Try("systemctl", "kill", "--kill-who=main", "--signal=KILL", Agent.Unit).Succeeded)
            {
                kills.Add(before);
            }
        }
        while (!_enough.Token.WaitHandle.WaitOne(random.Next(ShortestMs, LongestMs)));

        return [.. kills];
    }
}
