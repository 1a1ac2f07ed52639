namespace HookAgent.Ctl.Reconcile;

/// <summary>A node as slurmctld has it: which host it is, by name and address.</summary>
internal sealed record SlurmNode(string Name, string HostName, string Address)
{
    /// <summary>What makes scontrol print all nodes, those of hidden partitions and dynamic ones too, a line each.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["--all", "--oneliner", "show", "node"];

    /// <summary>Reads scontrol's output.</summary>
    /// <param name="strange">A line that scontrol would not print; null when the output was understood.</param>
    public static List<SlurmNode> Parse(string output, out string? strange)
    {
        List<SlurmNode> nodes = [];
        strange = null;
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ');
            if (Value(words, "NodeName=") is not { Length: > 0 } name || !line.StartsWith("NodeName=", StringComparison.Ordinal))
            {
                strange = line;
                return [];
            }

            // A node that was never reached may lack either.
            nodes.Add(new SlurmNode(name, Value(words, "NodeHostName=") ?? name, Value(words, "NodeAddr=") ?? name));
        }

        return nodes;
    }

    /// <summary>The first one counts: free text (Comment, Reason) comes later on the line.</summary>
    private static string? Value(string[] words, string key) =>
        words.FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
}
