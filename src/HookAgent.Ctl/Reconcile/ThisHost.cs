using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Reconcile;

/// <summary>The names and addresses by which Slurm's configuration may mean this host.</summary>
/// <param name="Name">The host's name, with or without its domain.</param>
/// <param name="Addresses">Its IPv4 addresses.</param>
internal sealed record ThisHost(string Name, IReadOnlyCollection<string> Addresses)
{
    /// <summary>Its other names, as its own /etc/hosts has them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public static ThisHost Find(string proc, SystemRoot root) =>
        new(Environment.MachineName, LocalAddresses(proc)) { Aliases = HostAliases.Of(root, Environment.MachineName) };

    /// <summary>Whether a NodeHostName or NodeAddr is this host's: its name, an alias, one of its addresses, or the loopback's.</summary>
    public bool Is(string name) =>
        Addresses.Contains(name)
        || name == "::1" || name.StartsWith("127.", StringComparison.Ordinal)
        || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || SameHost(name, Name)
        || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>If one of the names lacks the domain, both are compared without it: slurmd cuts the host's name at its first dot.</summary>
    private static bool SameHost(string one, string other) =>
        one.Equals(other, StringComparison.OrdinalIgnoreCase)
        || (one.Contains('.', StringComparison.Ordinal) != other.Contains('.', StringComparison.Ordinal)
            && one.Split('.')[0].Equals(other.Split('.')[0], StringComparison.OrdinalIgnoreCase));

    /// <summary>From the kernel's routing table, in which the line after a local address says that it is local.</summary>
    private static List<string> LocalAddresses(string proc)
    {
        List<string> addresses = [];
        try
        {
            string before = "";
            foreach (string line in File.ReadLines(Path.Combine(proc, "net/fib_trie")))
            {
                if (line.TrimStart().StartsWith("/32 host LOCAL", StringComparison.Ordinal))
                {
                    addresses.Add(before);
                }

                before = line.Split(' ')[^1];
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A host without IPv4 has no such address.
        }

        return addresses;
    }
}
