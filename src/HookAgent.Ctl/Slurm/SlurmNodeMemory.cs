using System.Globalization;

namespace HookAgent.Ctl.Slurm;

/// <summary>How much memory slurm.conf says that a node has.</summary>
internal static class SlurmNodeMemory
{
    /// <summary>
    /// RealMemory= of the node's line, or of the last NodeName=DEFAULT line before it, in MiB, and where it stands.
    /// Null where neither says it, or no line is the node's.
    /// </summary>
    public static (ulong Mebibytes, string Place)? Of(SlurmConf conf, IReadOnlyCollection<string> nodes)
    {
        (ulong, string)? byDefault = null;
        foreach (SlurmLine line in conf.All("NodeName"))
        {
            (ulong, string)? said = ulong.TryParse(
                KeyValue.Find(line.Rest, "RealMemory"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong mebibytes)
                ? (mebibytes, line.Place)
                : null;
            if (line.Value.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase))
            {
                byDefault = said ?? byDefault;
            }
            else if (nodes.Any(node => HostList.Has(line.Value, node) || HostList.Has(KeyValue.Find(line.Rest, "NodeHostname") ?? "", node)))
            {
                return said ?? byDefault;
            }
        }

        return null;
    }
}
