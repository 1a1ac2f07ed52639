using HookAgent.Bus.Sd;

namespace HookAgent.Bus;

/// <summary>
/// The daemon as hookctl sees it: each method of its interface (org.hookagent.Node1.xml), waiting for the
/// answer at most <paramref name="timeout"/>. Does not own <paramref name="bus"/>.
/// </summary>
public sealed class NodeProxy(BusConnection bus, TimeSpan timeout)
{
    /// <summary>Reads all properties; <paramref name="status"/> where the answer is Ok.</summary>
    public NodeAnswer GetStatus(out NodeStatus? status)
    {
        using BusMessage call = NewCall(NodeContract.PropertiesInterface, "GetAll");
        call.WriteString(NodeContract.Interface);
        using BusReply reply = bus.Call(call, timeout);
        BusAnswer<NodeStatus> answer = BusAnswer<NodeStatus>.From(reply, NodeStatus.TryRead);
        status = answer.IsSuccess ? answer.Value : null;
        return NodeAnswer.From(answer.Outcome, answer.ErrorName, answer.ErrorText);
    }

    public NodeAnswer JobStarted(string jobId) => Call(NodeMethod.JobStarted, call => call.WriteString(jobId));

    public NodeAnswer JobEnded(string jobId) => Call(NodeMethod.JobEnded, call => call.WriteString(jobId));

    public NodeAnswer RecordFailed(string jobId) => Call(NodeMethod.RecordFailed, call => call.WriteString(jobId));

    /// <summary>Holds the node; <paramref name="span"/> null for no end, else at least a microsecond.</summary>
    public NodeAnswer Hold(string reason, TimeSpan? span, bool persistent)
    {
        ulong usec = 0;
        if (span is { } limited)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limited, TimeSpan.FromMicroseconds(1), nameof(span));
            usec = (ulong)(limited.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        return Call(NodeMethod.Hold, call => call.WriteString(reason).WriteUInt64(usec).WriteBool(persistent));
    }

    public NodeAnswer Release() => Call(NodeMethod.Release, call => call);

    public NodeAnswer Retry() => Call(NodeMethod.Retry, call => call);

    /// <param name="jobId">The job to drop.</param>
    /// <param name="record">The identity of its record; empty where it has none.</param>
    public NodeAnswer Forget(string jobId, string record) => Call(NodeMethod.Forget, call => call.WriteString(jobId).WriteString(record));

    /// <param name="listedJobIds">All jobs that Slurm has here.</param>
    /// <param name="forget">Job ids that it does not have here, each with the identity of its record.</param>
    public NodeAnswer Reconciled(IEnumerable<string> listedJobIds, IEnumerable<KeyValuePair<string, string>> forget) =>
        Call(NodeMethod.Reconciled, call => call.WriteStringArray(listedJobIds).WriteTexts(forget));

    public NodeAnswer Refresh() => Call(NodeMethod.Refresh, call => call);

    /// <summary>A message to the daemon and back that changes nothing; its loop answers it (org.freedesktop.DBus.Peer).</summary>
    public NodeAnswer Ping()
    {
        using BusMessage call = NewCall("org.freedesktop.DBus.Peer", "Ping");
        using BusReply reply = bus.Call(call, timeout);
        return NodeAnswer.From(reply.Outcome, reply.ErrorName, reply.ErrorText);
    }

    private NodeAnswer Call(string method, Func<BusMessage, BusMessage> arguments)
    {
        using BusMessage call = NewCall(NodeContract.Interface, method);
        using BusReply reply = bus.Call(arguments(call), timeout);
        return NodeAnswer.From(reply.Outcome, reply.ErrorName, reply.ErrorText);
    }

    private BusMessage NewCall(string interfaceName, string member) =>
        bus.NewCall(NodeContract.BusName, NodeContract.ObjectPath, interfaceName, member).WithoutAutoStart();
}
