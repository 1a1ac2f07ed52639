namespace HookAgent.Herd.Scenarios;

/// <summary>What hookagent.conf(5) recommends, and what holds with it.</summary>
internal static class Recommended
{
    /// <summary>Provider starts that may reach the broker in any second.</summary>
    public const int MostStarts = 200;

    /// <summary>Fewer nodes cannot start more providers a second.</summary>
    private const int NoneUpTo = 200;

    /// <summary>The clusters of the manual page.</summary>
    public static readonly int[] Sizes = [200, 500, 1_000, 3_000, 10_000];

    /// <summary>A second for every hundred nodes: half of what may come, since by chance some seconds have more than others.</summary>
    public static TimeSpan Jitter(int nodes) => nodes <= NoneUpTo ? TimeSpan.Zero : TimeSpan.FromSeconds(nodes / 100);
}
