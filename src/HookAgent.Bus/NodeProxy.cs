using HookAgent.Bus.Wire;
using HookAgent.Core.Linux;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus;

/// <summary>
/// The agent as hookctl sees it: each method of its interface (org.hookagent.Node1.xml), waiting for the
/// answer at most <paramref name="timeout"/>. Does not own <paramref name="bus"/>.
/// </summary>
public sealed class NodeProxy(BusConnection bus, TimeSpan timeout)
{
    /// <summary>The name by which we read: root by its own, where no other reader is in the way.</summary>
    public static string ReadName { get; } = Libc.GetEffectiveUser() == 0 ? NodeContract.BusName : NodeContract.StatusName;

    /// <summary>Reads all properties; <paramref name="status"/> where the answer is Ok.</summary>
    public NodeAnswer GetStatus(out NodeStatus? status)
    {
        BusAnswer<Dictionary<string, VariantValue>> answer = bus.Call<Dictionary<string, VariantValue>>(
            BusCall.WithText(ReadName, NodeContract.ObjectPath, NodeContract.PropertiesInterface, "GetAll", NodeContract.Interface),
            timeout,
            BodyReaders.Properties);
        status = answer.IsSuccess ? NodeStatus.Read(new BusProperties(answer.Value)) : null;
        return NodeAnswer.From(answer.How);
    }

    public NodeAnswer JobStarted(string jobId) => CallWithText(NodeMethod.JobStarted, jobId);

    public NodeAnswer JobEnded(string jobId) => CallWithText(NodeMethod.JobEnded, jobId);

    public NodeAnswer RecordFailed(string jobId) => CallWithText(NodeMethod.RecordFailed, jobId);

    /// <summary>Holds the node; <paramref name="span"/> null for no end, else at least a microsecond.</summary>
    /// <param name="sudoUser">On whose behalf root calls; empty for nobody.</param>
    public NodeAnswer Hold(string reason, TimeSpan? span, bool persistent, string sudoUser)
    {
        ulong usec = 0;
        if (span is { } limited)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limited, TimeSpan.FromMicroseconds(1), nameof(span));
            usec = (ulong)(limited.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        return Call(NodeMethod.Hold, "stbs", (ref MessageWriter body) =>
        {
            body.WriteString(reason);
            body.WriteUInt64(usec);
            body.WriteBool(persistent);
            body.WriteString(sudoUser);
        });
    }

    public NodeAnswer Release(string sudoUser) => CallWithText(NodeMethod.Release, sudoUser);

    public NodeAnswer Retry() => Call(NodeMethod.Retry);

    /// <param name="jobId">The job to drop.</param>
    /// <param name="record">The identity of its record; empty where it has none.</param>
    public NodeAnswer Forget(string jobId, string record) => Call(NodeMethod.Forget, "ss", (ref MessageWriter body) =>
    {
        body.WriteString(jobId);
        body.WriteString(record);
    });

    /// <param name="listedJobIds">All jobs that Slurm has here.</param>
    /// <param name="forget">Job ids that it does not have here, each with the identity of its record.</param>
    public NodeAnswer Reconciled(IEnumerable<string> listedJobIds, IEnumerable<KeyValuePair<string, string>> forget) =>
        Call(NodeMethod.Reconciled, "asa{ss}", (ref MessageWriter body) =>
        {
            body.WriteArray(listedJobIds);
            ArrayStart entries = body.WriteDictionaryStart();
            foreach ((string job, string record) in forget)
            {
                body.WriteDictionaryEntryStart();
                body.WriteString(job);
                body.WriteString(record);
            }

            body.WriteDictionaryEnd(entries);
        });

    public NodeAnswer Refresh() => Call(NodeMethod.Refresh);

    /// <summary>A message to the agent and back that changes nothing; its loop answers it (org.freedesktop.DBus.Peer).</summary>
    public NodeAnswer Ping() =>
        NodeAnswer.From(bus.Call(new BusCall(ReadName, NodeContract.ObjectPath, "org.freedesktop.DBus.Peer", "Ping"), timeout));

    private NodeAnswer CallWithText(string method, string text) => Call(method, "s", (ref MessageWriter body) => body.WriteString(text));

    private NodeAnswer Call(string method, string signature = "", BodyWriter? write = null) => NodeAnswer.From(
        bus.Call(new BusCall(NodeContract.BusName, NodeContract.ObjectPath, NodeContract.Interface, method, signature, write), timeout));
}
