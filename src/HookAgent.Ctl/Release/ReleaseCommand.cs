namespace HookAgent.Ctl.Release;

/// <summary><c>hookctl release</c>: ends whatever hold there is, and the backoff.</summary>
internal static class ReleaseCommand
{
    public static int Run(ReleaseOptions options, Terminal terminal) =>
        DaemonLink.Act(options, terminal, static node => node.Release());
}
