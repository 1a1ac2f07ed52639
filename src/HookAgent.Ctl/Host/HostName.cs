namespace HookAgent.Ctl.Host;

internal static class HostName
{
    /// <summary>This host's name up to its first dot.</summary>
    public static string Short { get; } = Environment.MachineName.Split('.')[0];
}
