namespace HookAgent.Bus;

/// <summary>A value for each <see cref="NodeCounter"/>, at one moment; immutable, and compared by value.</summary>
public sealed class NodeCounts : IEquatable<NodeCounts>
{
    private readonly ulong[] _counts;

    private NodeCounts(ulong[] counts) => _counts = counts;

    public static NodeCounts Zero { get; } = new(new ulong[NodeProperty.Counters.Count]);

    public ulong this[NodeCounter counter] => _counts[counter.Index];

    public NodeCounts With(NodeCounter counter, ulong count)
    {
        ulong[] counts = [.. _counts];
        counts[counter.Index] = count;
        return new NodeCounts(counts);
    }

    public bool Equals(NodeCounts? other) => other is not null && _counts.AsSpan().SequenceEqual(other._counts);

    public override bool Equals(object? obj) => Equals(obj as NodeCounts);

    public override int GetHashCode() => _counts[0].GetHashCode();
}
