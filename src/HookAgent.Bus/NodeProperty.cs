using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus;

/// <summary>
/// A property of <see cref="NodeContract.Interface"/>, read-only as all of them: a row of the table in NodeProperty.Table.cs.
/// </summary>
public abstract partial class NodeProperty
{
    private protected NodeProperty(string name, string type, string key, string sentence)
    {
        Name = name;
        Type = type;
        Key = key;
        Sentence = sentence;
    }

    public string Name { get; }

    /// <summary>The D-Bus signature of its value.</summary>
    public string Type { get; }

    /// <summary>Its key in what "hookctl status --json" prints; "hold.by" is the key "by" of the object "hold".</summary>
    public string Key { get; }

    /// <summary>What it says. The XML and the manual pages begin with this sentence.</summary>
    public string Sentence { get; }

    /// <summary>Writes its value in <paramref name="status"/> as a variant.</summary>
    public abstract void Write(ref MessageWriter body, NodeStatus status);

    /// <summary>Whether both have the same value of it. Lists are told apart by reference.</summary>
    public abstract bool IsSame(NodeStatus one, NodeStatus other);

    /// <summary>
    /// <paramref name="status"/> with the value that an agent answered; with "", 0 or an empty list where it answered none, or one of
    /// another type.
    /// </summary>
    internal abstract NodeStatus Read(BusProperties answered, NodeStatus status);

    private delegate void ValueWriter<T>(ref MessageWriter body, T value);

    /// <summary>A property that is a member of <see cref="NodeStatus"/>.</summary>
    private sealed class Member<T>(
        string name, string type, string key, string sentence,
        Func<NodeStatus, T> get, Func<NodeStatus, T, NodeStatus> with, Func<BusProperties, string, T> read, ValueWriter<T> write)
        : NodeProperty(name, type, key, sentence)
    {
        public override void Write(ref MessageWriter body, NodeStatus status) => write(ref body, get(status));

        public override bool IsSame(NodeStatus one, NodeStatus other) => EqualityComparer<T>.Default.Equals(get(one), get(other));

        internal override NodeStatus Read(BusProperties answered, NodeStatus status) => with(status, read(answered, Name));
    }
}

/// <summary>A property that counts, since the agent started: one of <see cref="NodeStatus.Counts"/>.</summary>
public sealed class NodeCounter : NodeProperty
{
    internal NodeCounter(int index, string name, string key, string? metric, string sentence)
        : base(name, "t", $"counters.{key}", sentence)
    {
        Index = index;
        CounterKey = key;
        Metric = metric is null ? null : new NodeMetric(metric, NodeMetric.Counter, sentence);
    }

    /// <summary>Its key in the object "counters" of "hookctl status --json".</summary>
    public string CounterKey { get; }

    /// <summary>Null where no metric has this value; another may have more of it, as stops by what they took.</summary>
    public NodeMetric? Metric { get; }

    /// <summary>Its place in <see cref="NodeCounts"/>.</summary>
    internal int Index { get; }

    public override void Write(ref MessageWriter body, NodeStatus status) => body.WriteVariantUInt64(status.Counts[this]);

    public override bool IsSame(NodeStatus one, NodeStatus other) => one.Counts[this] == other.Counts[this];

    internal override NodeStatus Read(BusProperties answered, NodeStatus status) =>
        status with { Counts = status.Counts.With(this, answered.Number(Name) ?? 0) };
}
