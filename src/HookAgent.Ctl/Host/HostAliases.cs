namespace HookAgent.Ctl.Host;

/// <summary>The names by which a slurmd without -N takes a node of slurm.conf for its own: the host's, and its aliases.</summary>
internal static class HostAliases
{
    /// <param name="root">The node's files, of which /etc/hosts has the aliases (hosts(5)).</param>
    /// <param name="host">The host's name, with or without its domain.</param>
    public static IReadOnlyList<string> Of(SystemRoot root, string host)
    {
        string cut = host.Split('.')[0];
        HashSet<string> names = [host, cut];
        foreach (string line in (root.TryReadText("/etc/hosts", out _) ?? "").Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Skip(1).Any(word => word == host || word == cut))
            {
                names.UnionWith(words.Skip(1));
            }
        }

        return [.. names];
    }
}
