using HookAgent.Core.Time;
using HookAgent.Herd.Model;

namespace HookAgent.Herd.Scenarios;

/// <summary>Something that makes many nodes start their providers.</summary>
/// <param name="Word">Its name on the command line.</param>
/// <param name="Title">Its name in table and picture.</param>
/// <param name="Mode">The providers that it is about.</param>
/// <param name="IsTimed">
/// 95 % must lend within IdleDelay, StartJitter and 10 s. Not where the agent, or the site's condition, has been pausing
/// for longer than that.
/// </param>
/// <param name="Play">Brings it about; returns the moment from which the starts are counted.</param>
internal sealed record Scenario(string Word, string Title, StartMode Mode, bool IsTimed, Func<Cluster, BootTime> Play)
{
    /// <summary>How long a run is watched beyond the time that the starts may take.</summary>
    private static readonly TimeSpan s_watched = TimeSpan.FromMinutes(6);

    public Outcome Run(Setup setup)
    {
        Cluster cluster = new(setup);
        BootTime from = Play(cluster);
        cluster.Run((Setup.IdleDelay + setup.StartJitter + s_watched).TotalSeconds);
        return Outcome.Of(cluster, from);
    }

    public Outcome Run(int nodes, TimeSpan jitter) => Run(new Setup(nodes, jitter, Mode));

    /// <summary>95 % lend by then at the latest, in seconds.</summary>
    public static double LendBy(TimeSpan jitter) => (Setup.IdleDelay + jitter).TotalSeconds + 10;
}
