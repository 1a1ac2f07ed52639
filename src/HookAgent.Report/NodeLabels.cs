namespace HookAgent.Report;

/// <summary>How each node is called and in what order they come.</summary>
internal static class NodeLabels
{
    /// <summary>com2 before com10; of the same name, by machine id.</summary>
    public static List<(NodeHistory Node, string Label)> Of(IEnumerable<NodeHistory> nodes)
    {
        List<NodeHistory> sorted = [.. nodes];
        sorted.Sort(static (a, b) => Compare(a.HostName, b.HostName) is var order and not 0 ? order : string.CompareOrdinal(a.MachineId, b.MachineId));
        Dictionary<string, int> times = new(StringComparer.Ordinal);
        foreach (NodeHistory node in sorted)
        {
            times[node.HostName] = times.GetValueOrDefault(node.HostName) + 1;
        }

        return sorted.ConvertAll(node => (node, times[node.HostName] == 1 ? Plain(node.HostName) : $"{Plain(node.HostName)}/{Plain(Short(node.MachineId))}"));
    }

    /// <summary>Digits compare as numbers.</summary>
    internal static int Compare(string a, string b)
    {
        int i = 0;
        int k = 0;
        while (i < a.Length && k < b.Length)
        {
            ReadOnlySpan<char> one = Number(a, ref i);
            ReadOnlySpan<char> other = Number(b, ref k);
            int order = one.IsEmpty || other.IsEmpty
                ? (one.IsEmpty ? a[i++] : one[0]).CompareTo(other.IsEmpty ? b[k++] : other[0])
                : one.Length != other.Length ? one.Length.CompareTo(other.Length) : one.SequenceCompareTo(other);
            if (order != 0)
            {
                return order;
            }
        }

        return (a.Length - i).CompareTo(b.Length - k) is var rest and not 0 ? rest : string.CompareOrdinal(a, b);
    }

    /// <summary>Takes a number, without leading zeros but for the last; empty where there is none.</summary>
    private static ReadOnlySpan<char> Number(string text, ref int at)
    {
        int begin = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        ReadOnlySpan<char> digits = text.AsSpan(begin, at - begin);
        ReadOnlySpan<char> significant = digits.TrimStart('0');
        return significant.IsEmpty && !digits.IsEmpty ? digits[^1..] : significant;
    }

    private static string Short(string machineId) => machineId.Length > 8 ? machineId[..8] : machineId.Length > 0 ? machineId : "unknown";

    /// <summary>A file's words, without what would confuse a terminal.</summary>
    private static string Plain(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
}
