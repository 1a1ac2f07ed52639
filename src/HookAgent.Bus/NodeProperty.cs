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
    /// <paramref name="status"/> with the value that an agent answered; with "", 0, false or an empty list where it answered none, or one of
    /// another type.
    /// </summary>
    internal abstract NodeStatus Read(BusProperties answered, NodeStatus status);

    /// <summary>
    /// A property that is a member of <see cref="NodeStatus"/>. What reads and what writes are methods to override, so that the
    /// native compiler leaves out of each program the half that it does not call.
    /// </summary>
    private abstract class Member<T>(
        string name, string type, string key, string sentence, Func<NodeStatus, T> get, Func<NodeStatus, T, NodeStatus> with)
        : NodeProperty(name, type, key, sentence)
    {
        protected T Of(NodeStatus status) => get(status);

        protected NodeStatus With(NodeStatus status, T value) => with(status, value);
    }

    private sealed class TextMember(string name, string key, string sentence, Func<NodeStatus, string> get, Func<NodeStatus, string, NodeStatus> with)
        : Member<string>(name, "s", key, sentence, get, with)
    {
        public override void Write(ref MessageWriter body, NodeStatus status) => body.WriteVariantString(Of(status));

        public override bool IsSame(NodeStatus one, NodeStatus other) => Of(one) == Of(other);

        internal override NodeStatus Read(BusProperties answered, NodeStatus status) => With(status, answered.Text(Name) ?? "");
    }

    private sealed class NumberMember(string name, string key, string sentence, Func<NodeStatus, ulong> get, Func<NodeStatus, ulong, NodeStatus> with)
        : Member<ulong>(name, "t", key, sentence, get, with)
    {
        public override void Write(ref MessageWriter body, NodeStatus status) => body.WriteVariantUInt64(Of(status));

        public override bool IsSame(NodeStatus one, NodeStatus other) => Of(one) == Of(other);

        internal override NodeStatus Read(BusProperties answered, NodeStatus status) => With(status, answered.Number(Name) ?? 0);
    }

    private sealed class FlagMember(string name, string key, string sentence, Func<NodeStatus, bool> get, Func<NodeStatus, bool, NodeStatus> with)
        : Member<bool>(name, "b", key, sentence, get, with)
    {
        public override void Write(ref MessageWriter body, NodeStatus status) => body.WriteVariantBool(Of(status));

        public override bool IsSame(NodeStatus one, NodeStatus other) => Of(one) == Of(other);

        internal override NodeStatus Read(BusProperties answered, NodeStatus status) => With(status, answered.Flag(Name) ?? false);
    }

    private sealed class JobsMember(string key, string sentence) : NodeProperty("Jobs", "as", key, sentence)
    {
        public override void Write(ref MessageWriter body, NodeStatus status)
        {
            body.WriteSignature(Type);
            body.WriteArray(status.Jobs);
        }

        public override bool IsSame(NodeStatus one, NodeStatus other) => ReferenceEquals(one.Jobs, other.Jobs);

        internal override NodeStatus Read(BusProperties answered, NodeStatus status) => status with { Jobs = answered.Texts(Name) ?? [] };
    }

    private sealed class HandoversMember(string key, string sentence) : NodeProperty("Handovers", "a(tstt)", key, sentence)
    {
        public override void Write(ref MessageWriter body, NodeStatus status)
        {
            body.WriteSignature(Type);
            NodeHandover.Write(ref body, status.Handovers);
        }

        public override bool IsSame(NodeStatus one, NodeStatus other) => ReferenceEquals(one.Handovers, other.Handovers);

        internal override NodeStatus Read(BusProperties answered, NodeStatus status) =>
            status with { Handovers = NodeHandover.Read(answered, Name) };
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
