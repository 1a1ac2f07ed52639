using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Systemd;

/// <summary>
/// systemd is done with a job. <paramref name="Result"/>: "done", "canceled", "timeout", "failed",
/// "dependency" or "skipped", or a word that a later systemd brings. "done" does not say that the unit runs: a
/// condition that is not met is "done" too.
/// </summary>
public sealed record JobRemoved(uint Id, string JobPath, string Unit, string Result)
{
    internal static JobRemoved? TryRead(BusMessage signal) =>
        signal.TryReadUInt32(out uint id)
        && signal.TryReadObjectPath(out string? jobPath)
        && signal.TryReadString(out string? unit)
        && signal.TryReadString(out string? result)
            ? new JobRemoved(id, jobPath, unit, result)
            : null;
}
