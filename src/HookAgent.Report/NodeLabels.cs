using System.Text;
using HookAgent.Report.Events;

namespace HookAgent.Report;

/// <summary>The nodes' labels and their order.</summary>
internal static class NodeLabels
{
    /// <summary>Longer than any number in a host name.</summary>
    private const int MostDigits = 64;

    /// <summary>By host name, com2 before com10; nodes of the same name by machine id, a part of which is in their label.</summary>
    public static IReadOnlyList<(NodeHistory Node, string Label)> Of(IReadOnlyList<NodeHistory> nodes)
    {
        HashSet<string> shared = [.. nodes.GroupBy(static node => node.HostName).Where(static same => same.Count() > 1).Select(static same => same.Key)];
        return [.. InOrder(nodes).Select(node => (node, Printable(shared.Contains(node.HostName) ? $"{node.HostName}/{Short(node.MachineId)}" : node.HostName)))];
    }

    private static IEnumerable<NodeHistory> InOrder(IEnumerable<NodeHistory> nodes) => nodes
        .OrderBy(static node => SortKey(node.HostName), StringComparer.Ordinal)
        .ThenBy(static node => node.HostName, StringComparer.Ordinal)
        .ThenBy(static node => node.MachineId, StringComparer.Ordinal);

    /// <summary>The name with its numbers filled up with zeros, so that they compare as numbers.</summary>
    internal static string SortKey(string name)
    {
        StringBuilder key = new();
        StringBuilder digits = new();
        foreach (char c in name)
        {
            if (char.IsAsciiDigit(c))
            {
                digits.Append(c);
                continue;
            }

            TakeDigits();
            key.Append(c);
        }

        TakeDigits();
        return key.ToString();

        void TakeDigits()
        {
            key.Append(digits.Length > 0 ? digits.ToString().TrimStart('0').PadLeft(MostDigits, '0') : "");
            digits.Clear();
        }
    }

    private static string Short(string machineId) => machineId.Length > 8 ? machineId[..8] : machineId.Length > 0 ? machineId : "unknown";

    /// <summary>Without the control characters that would confuse a terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
}
