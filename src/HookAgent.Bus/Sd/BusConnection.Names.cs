namespace HookAgent.Bus.Sd;

/// <summary>What became of a request for a name: the values of RequestName in the D-Bus specification.</summary>
public enum NameRequestOutcome
{
    /// <summary>No answer of the bus in the sense below: see the reply (AccessDenied: the bus's policy).</summary>
    Refused = 0,

    Owned = 1,

    /// <summary>Somebody else has it; we get it when it is free.</summary>
    Queued = 2,

    /// <summary>Somebody else has it, and we are not queued.</summary>
    Taken = 3,

    AlreadyOwned = 4,
}

/// <summary>Flags of RequestName in the D-Bus specification.</summary>
[Flags]
public enum NameRequestOptions
{
    None = 0,
    AllowReplacement = 1,
    ReplaceExisting = 2,
    DoNotQueue = 4,
}

/// <content>Names on the bus: ours, and who has those of others. All asked of the bus itself.</content>
public sealed unsafe partial class BusConnection
{
    /// <summary>The bus itself, as a sender and as a destination.</summary>
    internal const string Driver = "org.freedesktop.DBus";
    private const string DriverPath = "/org/freedesktop/DBus";

    /// <summary>How long the bus itself may take over a question: it needs nobody else to answer it.</summary>
    private static readonly TimeSpan s_driverTimeout = TimeSpan.FromSeconds(5);

    public void RequestNameAsync(string name, NameRequestOptions options, Action<NameRequestOutcome, BusReply> done)
    {
        using BusMessage call = NewCall(Driver, DriverPath, Driver, "RequestName");
        call.WriteString(name).WriteUInt32((uint)options);
        CallAsync(call, s_driverTimeout, reply => done(ReadNameRequest(reply), reply));
    }

    /// <summary>Hears that the bus gave a name of ours to somebody else, or took it from us.</summary>
    public BusSubscription WatchNameLostAsync(string name, Action lost, Action<BusReply>? installed = null) =>
        MatchSignalAsync(
            new MatchRule().Sender(Driver).Path(DriverPath).Interface(Driver).Member("NameLost").Argument(0, name),
            _ => lost(),
            installed);

    /// <summary>
    /// Tells the owner of a name: as it is now, and after each change. The unique name, or "" while nobody has
    /// it; the same one may be told twice. Whatever a new owner signals is heard after it was told here.
    /// </summary>
    /// <param name="untold">The bus did not answer who has it now, and why: ask again, with <see cref="QueryOwnerAsync"/>.</param>
    public BusSubscription WatchOwnerAsync(string name, Action<string> owned, Action<BusReply>? untold = null)
    {
        BusSubscription subscription = MatchSignalAsync(
            new MatchRule()
                .Sender(Driver).Path(DriverPath).Interface(Driver).Member("NameOwnerChanged").Argument(0, name),
            signal =>
            {
                if (signal.TrySkip("ss") && signal.TryReadString(out string? owner))
                {
                    owned(owner);
                }
            });
        QueryOwnerAsync(name, owned, untold);
        return subscription;
    }

    /// <summary>Tells the owner of a name once, as <see cref="WatchOwnerAsync"/>.</summary>
    public void QueryOwnerAsync(string name, Action<string> owned, Action<BusReply>? untold = null)
    {
        using BusMessage call = NewCall(Driver, DriverPath, Driver, "GetNameOwner");
        call.WriteString(name);
        CallAsync(call, s_driverTimeout, reply =>
        {
            if (reply.IsSuccess && reply.Message.TryReadString(out string? owner))
            {
                owned(owner);
            }
            else if (reply.ErrorName == BusErrorNames.NameHasNoOwner)
            {
                owned("");
            }
            else if (reply.Outcome is not BusOutcome.Disconnected)
            {
                untold?.Invoke(reply);
            }
        });
    }

    /// <summary>
    /// The user id of who sent a message, as the bus vouches for it; null where the sender has left or the
    /// connection is lost. Asked of the bus, because sd_bus_query_sender_creds(3) would block.
    /// </summary>
    public void QuerySenderUidAsync(BusMessage message, Action<uint?> done)
    {
        using BusMessage call = NewCall(Driver, DriverPath, Driver, "GetConnectionUnixUser");
        call.WriteString(message.Sender ?? "");
        CallAsync(
            call,
            s_driverTimeout,
            reply => done(reply.IsSuccess && reply.Message.TryReadUInt32(out uint uid) ? uid : null));
    }

    private static NameRequestOutcome ReadNameRequest(BusReply reply) =>
        reply.IsSuccess && reply.Message.TryReadUInt32(out uint outcome) && outcome is >= 1 and <= 4
            ? (NameRequestOutcome)outcome
            : NameRequestOutcome.Refused;
}
