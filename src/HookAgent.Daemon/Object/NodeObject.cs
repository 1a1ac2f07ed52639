using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Bus;
using HookAgent.Bus.Sd;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Object;

/// <summary>
/// The object /org/hookagent/Node1: turns calls into events. The two nudges carry no authority and are taken
/// from whoever the bus lets through; for all else the bus is asked who the caller is, and for the end of a job
/// of which there is nothing but a caller's word.
/// </summary>
/// <param name="look">Reads the job directory into the machine.</param>
/// <param name="refresh">Reads everything into the machine.</param>
/// <param name="isUnrecorded">Whether a job counts as being here without a record.</param>
internal sealed class NodeObject(
    Action<NodeEvent> dispatch, Action look, Action refresh, Func<JobId, bool> isUnrecorded, PrologCalls prologs, NodeBoard board,
    TimeProvider clock, ILogger logger)
{
    /// <summary>The longest hold that has an end: a longer one is as good as one without.</summary>
    private static readonly TimeSpan s_longestHold = TimeSpan.FromDays(3650);

    /// <summary>Said to a hookctl of 0.1.0, which prints it.</summary>
    private const string OlderCaller = "a hookctl that leaves it out is older than this hookagentd: install both from one package";

    private readonly RepeatedTrouble _denials = new();

    /// <summary>False for what this object does not have; sd-bus then answers UnknownMethod.</summary>
    public bool Handle(BusConnection connection, BusMessage call) => call.Interface switch
    {
        NodeContract.Interface or null => HandleNode(connection, call),
        NodeContract.PropertiesInterface => NodeProperties.Handle(connection, call, board),
        NodeContract.IntrospectableInterface => Introspect(connection, call),
        _ => false,
    };

    private bool HandleNode(BusConnection connection, BusMessage call)
    {
        switch (call.Member)
        {
            case NodeMethod.JobStarted:
                WithJob(connection, call, job => JobStarted(connection, call, job));
                return true;
            case NodeMethod.JobEnded:
                WithJob(connection, call, job => JobEnded(connection, call, job));
                return true;
            case NodeMethod.RecordFailed:
                AsRoot(connection, call, kept => WithJob(connection, kept, job => RecordCouldNotBeWritten(connection, kept, job)));
                return true;
            case NodeMethod.Hold:
                AsRoot(connection, call, kept => Hold(connection, kept));
                return true;
            case NodeMethod.Release:
                AsRoot(connection, call, kept => WithNothing(connection, kept, () => Done(connection, kept, new ReleaseAsked())));
                return true;
            case NodeMethod.Retry:
                AsRoot(connection, call, kept => WithNothing(connection, kept, () => Done(connection, kept, new RetryAsked())));
                return true;
            case NodeMethod.Forget:
                AsRoot(connection, call, kept => Forget(connection, kept));
                return true;
            case NodeMethod.Reconciled:
                AsRoot(connection, call, kept => Reconcile(connection, kept));
                return true;
            case NodeMethod.Refresh:
                AsRoot(connection, call, kept => WithNothing(connection, kept, () => Refresh(connection, kept)));
                return true;
            default:
                return false;
        }
    }

    private void JobStarted(BusConnection connection, BusMessage call, JobId job)
    {
        look();
        AwaitHandover(connection, call, job);
    }

    private void RecordCouldNotBeWritten(BusConnection connection, BusMessage call, JobId job)
    {
        look();
        dispatch(new RecordFailed(job));
        AwaitHandover(connection, call, job);
    }

    private void AwaitHandover(BusConnection connection, BusMessage call, JobId job)
    {
        if (prologs.IsFull)
        {
            connection.ReplyTo(call);
            return;
        }

        dispatch(new PrologCalled(prologs.Add(call), job));
    }

    private void JobEnded(BusConnection connection, BusMessage call, JobId job)
    {
        look();
        if (isUnrecorded(job))
        {
            AsRoot(connection, call, kept => Done(connection, kept, new EpilogCalled(job)));
            return;
        }

        Done(connection, call, new EpilogCalled(job));
    }

    private void Hold(BusConnection connection, BusMessage call)
    {
        if (call.Signature != "stb" || !call.TryReadString(out string? reason) || !call.TryReadUInt64(out ulong usec)
            || !call.TryReadBool(out bool persistent))
        {
            Invalid(connection, call, "Hold takes a reason, microseconds and whether to outlast a reboot");
            return;
        }

        if (reason.Length > NodeContract.MaxHoldReason || reason.Any(char.IsControl))
        {
            Invalid(connection, call, string.Create(
                CultureInfo.InvariantCulture,
                $"the reason of a hold is one line of at most {NodeContract.MaxHoldReason} characters"));
            return;
        }

        TimeSpan? span = usec == 0 || usec > (ulong)s_longestHold.TotalMicroseconds ? null : TimeSpan.FromMicroseconds(usec);
        Done(connection, call, new HoldAsked(new Hold(
            HoldKind.Operator, "operator", reason, BootTime.Now(clock) + span, clock.GetUtcNow() + span, persistent)));
    }

    private void Forget(BusConnection connection, BusMessage call)
    {
        if (call.Signature != "ss" || !call.TryReadString(out string? text) || !call.TryReadString(out string? record))
        {
            Invalid(connection, call, $"Forget takes a job id and the identity of its record; {OlderCaller}");
            return;
        }

        if (!JobId.TryParse(text, out JobId job))
        {
            Invalid(connection, call, "not a job id of Slurm's");
            return;
        }

        RecordIdentity meant = default;
        if (record.Length > 0 && !RecordIdentity.TryParse(record, out meant))
        {
            Invalid(connection, call, "not the identity of a record");
            return;
        }

        look();
        Done(connection, call, new JobForgotten(job, record.Length > 0 ? meant : null));
    }

    private void Reconcile(BusConnection connection, BusMessage call)
    {
        if (call.Signature != "asa{ss}" || !call.TryReadStringArray(out List<string>? texts)
            || !call.TryReadTexts(out Dictionary<string, string>? records))
        {
            Invalid(connection, call, $"Reconciled takes a list of job ids and the identities of the records to forget; {OlderCaller}");
            return;
        }

        ImmutableSortedSet<JobId>.Builder jobs = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach (string text in texts)
        {
            if (!JobId.TryParse(text, out JobId job))
            {
                Invalid(connection, call, "not a job id of Slurm's");
                return;
            }

            jobs.Add(job);
        }

        Dictionary<JobId, RecordIdentity> forget = [];
        foreach ((string text, string record) in records)
        {
            if (!JobId.TryParse(text, out JobId job) || !RecordIdentity.TryParse(record, out RecordIdentity meant))
            {
                Invalid(connection, call, "not a job id of Slurm's and the identity of its record");
                return;
            }

            forget[job] = meant;
        }

        refresh();
        Done(connection, call, new Reconciled(jobs.ToImmutable(), forget));
    }

    private void Refresh(BusConnection connection, BusMessage call)
    {
        refresh();
        connection.ReplyTo(call);
    }

    private static bool Introspect(BusConnection connection, BusMessage call)
    {
        if (call.Member != "Introspect")
        {
            return false;
        }

        if (call.Signature.Length > 0)
        {
            Invalid(connection, call, "Introspect takes nothing");
            return true;
        }

        using BusMessage reply = connection.NewReply(call);
        reply.WriteString(NodeContract.IntrospectionDocument);
        connection.Send(reply);
        return true;
    }

    private void Done(BusConnection connection, BusMessage call, NodeEvent happened)
    {
        dispatch(happened);
        connection.ReplyTo(call);
    }

    private static void WithJob(BusConnection connection, BusMessage call, Action<JobId> then)
    {
        if (call.Signature != "s" || !call.TryReadString(out string? text))
        {
            Invalid(connection, call, $"{call.Member} takes a job id, a string");
            return;
        }

        if (!JobId.TryParse(text, out JobId job))
        {
            Invalid(connection, call, "not a job id of Slurm's");
            return;
        }

        then(job);
    }

    private static void WithNothing(BusConnection connection, BusMessage call, Action then)
    {
        if (call.Signature.Length > 0)
        {
            Invalid(connection, call, $"{call.Member} takes nothing");
            return;
        }

        then();
    }

    private static void Invalid(BusConnection connection, BusMessage call, string text) =>
        connection.ReplyErrorTo(call, BusErrorNames.InvalidArgs, text);

    /// <summary>Goes on once the bus has said that the caller is root; anybody else is refused and named in the journal.</summary>
    private void AsRoot(BusConnection connection, BusMessage call, Action<BusMessage> then)
    {
        BusMessage kept = call.Keep();
        connection.QuerySenderUidAsync(kept, uid =>
        {
            using (kept)
            {
                if (!connection.IsReady)
                {
                    // Nobody is left to be answered, and nothing may be done that was not checked.
                    return;
                }

                if (uid == 0)
                {
                    then(kept);
                    return;
                }

                // Anybody could fill the journal by it.
                string user = uid?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
                if (_denials.HappenedFor($"{kept.Member} {user}"))
                {
                    logger.CallDenied(kept.Member ?? "", user, kept.Sender ?? "", _denials.Times);
                }

                connection.ReplyErrorTo(kept, BusErrorNames.AccessDenied, $"only root may call {kept.Member}");
            }
        });
    }
}
