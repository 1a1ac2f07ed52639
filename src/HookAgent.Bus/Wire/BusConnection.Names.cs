using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>What became of a request for a name: the values of RequestName in the D-Bus specification.</summary>
public enum NameRequestOutcome
{
    /// <summary>No answer of the bus in the sense below: see the answer (AccessDenied: the bus's policy).</summary>
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
public sealed partial class BusConnection
{
    /// <summary>The bus itself, as a sender and as a destination.</summary>
    internal const string Driver = "org.freedesktop.DBus";
    private const string DriverPath = "/org/freedesktop/DBus";

    /// <summary>How long the bus itself may take over a question: it needs nobody else to answer it.</summary>
    private static readonly TimeSpan s_driverTimeout = TimeSpan.FromSeconds(5);

    public void RequestNameAsync(string name, NameRequestOptions options, Action<NameRequestOutcome, BusAnswer> done) => CallAsync<uint>(
        new BusCall(Driver, DriverPath, Driver, "RequestName", "su", (ref MessageWriter body) =>
        {
            body.WriteString(name);
            body.WriteUInt32((uint)options);
        }),
        s_driverTimeout,
        ReadUInt32,
        answer => done(answer is { IsSuccess: true, Value: >= 1 and <= 4 } ? (NameRequestOutcome)answer.Value : NameRequestOutcome.Refused, answer.How));

    /// <summary>Hears that the bus gave a name of ours to somebody else, or took it from us.</summary>
    public void WatchNameLostAsync(string name, Action lost, Action<BusAnswer>? installed = null) =>
        MatchSignalAsync(FromDriver("NameLost", name), _ => lost(), installed);

    /// <summary>
    /// Tells the owner of a name: as it is now, and after each change. The unique name, or "" while nobody has
    /// it; the same one may be told twice. Whatever a new owner signals is heard after it was told here.
    /// </summary>
    /// <param name="untold">The bus did not answer who has it now, and why: ask again, with <see cref="QueryOwnerAsync"/>.</param>
    public void WatchOwnerAsync(string name, Action<string> owned, Action<BusAnswer>? untold = null)
    {
        MatchSignalAsync(FromDriver("NameOwnerChanged", name), signal =>
        {
            if (signal.SignatureAsString == "sss")
            {
                Reader body = signal.GetBodyReader();
                _ = body.ReadString();
                _ = body.ReadString();
                owned(body.ReadString());
            }
        });
        QueryOwnerAsync(name, owned, untold);
    }

    /// <summary>Tells the owner of a name once, as <see cref="WatchOwnerAsync"/>.</summary>
    public void QueryOwnerAsync(string name, Action<string> owned, Action<BusAnswer>? untold = null) => CallAsync<string>(
        BusCall.WithText(Driver, DriverPath, Driver, "GetNameOwner", name),
        s_driverTimeout,
        BodyReaders.Text,
        answer =>
        {
            if (answer.IsSuccess)
            {
                owned(answer.Value);
            }
            else if (answer.ErrorName == BusErrorNames.NameHasNoOwner)
            {
                owned("");
            }
            else if (answer.Outcome is not BusOutcome.Disconnected)
            {
                untold?.Invoke(answer.How);
            }
        });

    /// <summary>
    /// The user id of whoever has a unique name, as the bus vouches for it; null where nobody has it any more, or the
    /// connection is lost.
    /// </summary>
    public void QueryUserAsync(string uniqueName, Action<uint?> done) => CallAsync<uint>(
        BusCall.WithText(Driver, DriverPath, Driver, "GetConnectionUnixUser", uniqueName),
        s_driverTimeout,
        ReadUInt32,
        answer => done(answer.IsSuccess ? answer.Value : null));

    private static SignalMatch FromDriver(string member, string name) =>
        new() { Sender = Driver, Path = DriverPath, Interface = Driver, Member = member, Argument = name };

    private static bool ReadUInt32(Message reply, out uint value)
    {
        bool fits = reply.SignatureAsString == "u";
        value = fits ? reply.GetBodyReader().ReadUInt32() : 0;
        return fits;
    }
}
