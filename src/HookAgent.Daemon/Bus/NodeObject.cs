using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;
using Tmds.DBus.Protocol;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// The object /org/hookagent/Node1: turns calls into requests, and answers those that only read. The two nudges carry no
/// authority and are taken from whoever the bus lets through; for all else the bus is asked who the caller is. Nothing is
/// done here: a request is carried out and answered by the loop.
/// </summary>
internal sealed class NodeObject(Action<NodeRequest> ask, PublishedStatus status, TimeProvider clock, ILogger logger)
{
    /// <summary>The longest hold that has an end: a longer one is as good as one without.</summary>
    private static readonly TimeSpan s_longestHold = TimeSpan.FromDays(3650);

    /// <summary>Said to a hookctl of 0.1.0, which prints it.</summary>
    private const string OlderCaller = "a hookctl that leaves it out is older than this hookagentd: install both from one package";

    private const string NoUser = "not the name of a user";

    private readonly RepeatedTrouble _denials = new();

    /// <summary>False for what this object does not have, which is answered so.</summary>
    public bool Handle(BusConnection connection, ReceivedCall call) => call.Interface switch
    {
        NodeContract.Interface or null => HandleNode(connection, call),
        _ => HandleReading(call),
    };

    /// <summary>The same for a connection of which anybody may ask.</summary>
    public bool HandleReading(ReceivedCall call) => call.Interface switch
    {
        NodeContract.PropertiesInterface => NodeProperties.Handle(call, status),
        NodeContract.IntrospectableInterface => Introspect(call),
        _ => false,
    };

    /// <summary>Asks for it once the bus has said that the caller is root; anybody else is refused and named in the journal.</summary>
    public void AskAsRoot(BusConnection connection, NodeRequest request) => connection.QueryUserAsync(request.Call.Sender, uid =>
    {
        if (!connection.IsReady)
        {
            // Nobody is left to be answered, and nothing may be done that was not checked.
            return;
        }

        if (uid == 0)
        {
            ask(request);
            return;
        }

        // Anybody could fill the journal by it.
        ReceivedCall call = request.Call;
        string user = uid?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        if (_denials.HappenedFor($"{call.Member} {user}"))
        {
            logger.CallDenied(call.Member, user, call.Sender, _denials.Times);
        }

        call.ReplyError(BusErrorNames.AccessDenied, $"only root may call {call.Member}");
    });

    private bool HandleNode(BusConnection connection, ReceivedCall call)
    {
        switch (call.Member)
        {
            case NodeMethod.JobStarted:
                AskWithJob(call, job => ask(new PrologRequest(call, job, Recorded: true)));
                return true;
            case NodeMethod.JobEnded:
                AskWithJob(call, job => ask(new EpilogRequest(call, job, ByRoot: false)));
                return true;
            case NodeMethod.RecordFailed:
                AskWithJob(call, job => AskAsRoot(connection, new PrologRequest(call, job, Recorded: false)));
                return true;
            case NodeMethod.Hold:
                AskAsRoot(connection, call, Hold(call), FirstRead.Nothing);
                return true;
            case NodeMethod.Release:
                AskAsRoot(connection, call, Release(call), FirstRead.Nothing);
                return true;
            case NodeMethod.Retry:
                AskAsRoot(connection, call, TakesNothing(call) ? new RetryAsked() : null, FirstRead.Nothing);
                return true;
            case NodeMethod.Forget:
                AskAsRoot(connection, call, Forget(call), FirstRead.Directory);
                return true;
            case NodeMethod.Reconciled:
                AskAsRoot(connection, call, Reconciled(call), FirstRead.Everything);
                return true;
            case NodeMethod.Refresh:
                if (TakesNothing(call))
                {
                    AskAsRoot(connection, new OperatorRequest(call, null) { Reads = FirstRead.Everything });
                }

                return true;
            default:
                return false;
        }
    }

    private void AskAsRoot(BusConnection connection, ReceivedCall call, NodeEvent? happened, FirstRead reads)
    {
        if (happened is not null)
        {
            AskAsRoot(connection, new OperatorRequest(call, happened) { Reads = reads });
        }
    }

    /// <summary>Null where the call is no good, which it was answered; so with the others.</summary>
    private HoldAsked? Hold(ReceivedCall call)
    {
        // Without the last one by a hookctl of 0.1.0.
        if (call.Signature is not ("stbs" or "stb"))
        {
            return Invalid<HoldAsked>(call, "Hold takes a reason, microseconds, whether to outlast a reboot, and for whom");
        }

        Reader body = call.GetBodyReader();
        string reason = body.ReadString();
        ulong usec = body.ReadUInt64();
        bool persistent = body.ReadBool();
        if (reason.Length > NodeContract.MaxHoldReason || reason.Any(char.IsControl))
        {
            return Invalid<HoldAsked>(call, string.Create(
                CultureInfo.InvariantCulture,
                $"the reason of a hold is one line of at most {NodeContract.MaxHoldReason} characters"));
        }

        if (Caller(call.Signature.Length > 3 ? body.ReadString() : "") is not { } caller)
        {
            return Invalid<HoldAsked>(call, NoUser);
        }

        TimeSpan? span = usec == 0 || usec > (ulong)s_longestHold.TotalMicroseconds ? null : TimeSpan.FromMicroseconds(usec);
        return new HoldAsked(new Hold(
            HoldKind.Operator, caller, reason, BootTime.Now(clock) + span, clock.GetUtcNow() + span, persistent)
        { Since = clock.GetUtcNow() });
    }

    private static ReleaseAsked? Release(ReceivedCall call)
    {
        if (call.Signature is not ("s" or ""))
        {
            return Invalid<ReleaseAsked>(call, "Release takes for whom");
        }

        return Caller(call.Signature.Length > 0 ? call.GetBodyReader().ReadString() : "") is { } caller
            ? new ReleaseAsked(caller)
            : Invalid<ReleaseAsked>(call, NoUser);
    }

    /// <summary>For people: root, whom the bus vouches for, and the user for whom root says it calls. Null for no name of a user.</summary>
    private static string? Caller(string sudoUser) =>
        sudoUser.Length == 0 ? "root"
        : NodeContract.IsSudoUser(sudoUser) ? $"root (sudo: {sudoUser})"
        : null;

    private static JobForgotten? Forget(ReceivedCall call)
    {
        if (call.Signature != "ss")
        {
            return Invalid<JobForgotten>(call, $"Forget takes a job id and the identity of its record; {OlderCaller}");
        }

        Reader body = call.GetBodyReader();
        if (!JobId.TryParse(body.ReadString(), out JobId job))
        {
            return Invalid<JobForgotten>(call, "not a job id of Slurm's");
        }

        string record = body.ReadString();
        RecordIdentity meant = default;
        return record.Length > 0 && !RecordIdentity.TryParse(record, out meant)
            ? Invalid<JobForgotten>(call, "not the identity of a record")
            : new JobForgotten(job, record.Length > 0 ? meant : null);
    }

    private static Reconciled? Reconciled(ReceivedCall call)
    {
        if (call.Signature != "asa{ss}")
        {
            return Invalid<Reconciled>(call, $"Reconciled takes a list of job ids and the identities of the records to forget; {OlderCaller}");
        }

        Reader body = call.GetBodyReader();
        ImmutableSortedSet<JobId>.Builder jobs = ImmutableSortedSet.CreateBuilder<JobId>();
        ArrayEnd list = body.ReadArrayStart(DBusType.String);
        while (body.HasNext(list))
        {
            if (!JobId.TryParse(body.ReadString(), out JobId job))
            {
                return Invalid<Reconciled>(call, "not a job id of Slurm's");
            }

            jobs.Add(job);
        }

        Dictionary<JobId, RecordIdentity> forget = [];
        ArrayEnd records = body.ReadDictionaryStart();
        while (body.HasNext(records))
        {
            if (!JobId.TryParse(body.ReadString(), out JobId job) || !RecordIdentity.TryParse(body.ReadString(), out RecordIdentity meant))
            {
                return Invalid<Reconciled>(call, "not a job id of Slurm's and the identity of its record");
            }

            forget[job] = meant;
        }

        return new Reconciled(jobs.ToImmutable(), forget);
    }

    private static bool Introspect(ReceivedCall call)
    {
        if (call.Member != "Introspect")
        {
            return false;
        }

        if (call.Signature.Length > 0)
        {
            _ = Invalid<NodeEvent>(call, "Introspect takes nothing");
        }
        else
        {
            call.Reply("s", static (ref MessageWriter body) => body.WriteString(NodeContract.IntrospectionDocument));
        }

        return true;
    }

    private static void AskWithJob(ReceivedCall call, Action<JobId> then)
    {
        if (call.Signature != "s")
        {
            _ = Invalid<NodeEvent>(call, $"{call.Member} takes a job id, a string");
        }
        else if (!JobId.TryParse(call.GetBodyReader().ReadString(), out JobId job))
        {
            _ = Invalid<NodeEvent>(call, "not a job id of Slurm's");
        }
        else
        {
            then(job);
        }
    }

    private static bool TakesNothing(ReceivedCall call)
    {
        if (call.Signature.Length > 0)
        {
            _ = Invalid<NodeEvent>(call, $"{call.Member} takes nothing");
        }

        return call.Signature.Length == 0;
    }

    private static T? Invalid<T>(ReceivedCall call, string text)
        where T : NodeEvent
    {
        call.ReplyError(BusErrorNames.InvalidArgs, text);
        return null;
    }
}
