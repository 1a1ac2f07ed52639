using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Systemd;

/// <summary>
/// A unit as ListUnitsByNames and ListUnitsByPatterns tell of it. A unit that does not exist has a row too, with the LoadState
/// "not-found". <paramref name="JobId"/> is 0, <paramref name="JobType"/> empty and
/// <paramref name="JobPath"/> "/" where no job is queued for it.
/// </summary>
public sealed record UnitListEntry(
    string Name,
    string LoadState,
    string ActiveState,
    string SubState,
    string UnitPath,
    uint JobId,
    string JobType,
    string JobPath)
{
    /// <summary>Whether systemd has such a unit.</summary>
    public bool IsThere => LoadState != "not-found";

    public static bool TryReadAll(Message reply, out IReadOnlyList<UnitListEntry> rows)
    {
        List<UnitListEntry> read = [];
        rows = read;
        if (reply.SignatureAsString != "a(ssssssouso)")
        {
            return false;
        }

        Reader body = reply.GetBodyReader();
        ArrayEnd end = body.ReadArrayStart(DBusType.Struct);
        while (body.HasNext(end))
        {
            body.AlignStruct();
            string name = body.ReadString();
            _ = body.ReadStringAsSpan(); // Description
            string loadState = body.ReadString();
            string activeState = body.ReadString();
            string subState = body.ReadString();
            _ = body.ReadStringAsSpan(); // Following
            read.Add(new UnitListEntry(
                name, loadState, activeState, subState,
                body.ReadObjectPathAsString(), body.ReadUInt32(), body.ReadString(), body.ReadObjectPathAsString()));
        }

        return true;
    }
}
