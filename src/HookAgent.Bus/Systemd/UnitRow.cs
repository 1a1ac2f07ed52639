using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Systemd;

/// <summary>
/// A unit as ListUnitsByNames tells of it. A unit that does not exist has a row too, with the LoadState
/// "not-found". <paramref name="JobId"/> is 0, <paramref name="JobType"/> empty and
/// <paramref name="JobPath"/> "/" where no job is queued for it.
/// </summary>
public sealed record UnitRow(
    string Name,
    string LoadState,
    string ActiveState,
    string SubState,
    string UnitPath,
    uint JobId,
    string JobType,
    string JobPath)
{
    private const string Types = "ssssssouso";

    internal static bool TryReadAll(BusMessage reply, out IReadOnlyList<UnitRow> rows)
    {
        List<UnitRow> read = [];
        rows = read;
        if (!reply.TryEnterArray($"({Types})"))
        {
            return false;
        }

        while (reply.TryEnterStruct(Types))
        {
            if (!reply.TryReadString(out string? name)
                || !reply.TrySkip("s") // Description
                || !reply.TryReadString(out string? loadState)
                || !reply.TryReadString(out string? activeState)
                || !reply.TryReadString(out string? subState)
                || !reply.TrySkip("s") // Following
                || !reply.TryReadObjectPath(out string? unitPath)
                || !reply.TryReadUInt32(out uint jobId)
                || !reply.TryReadString(out string? jobType)
                || !reply.TryReadObjectPath(out string? jobPath)
                || !reply.TryExit())
            {
                return false;
            }

            read.Add(new UnitRow(name, loadState, activeState, subState, unitPath, jobId, jobType, jobPath));
        }

        return reply.TryExit();
    }
}
