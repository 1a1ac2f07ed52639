using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Systemd;

/// <summary>
/// systemd is done with a job. <paramref name="Result"/>: "done", "canceled", "timeout", "failed",
/// "dependency" or "skipped", or a word that a later systemd brings. "done" does not say that the unit runs: a
/// condition that is not met is "done" too. A start that ExecCondition= refused is "skipped" with systemd 247, and "done"
/// from 252 on.
/// </summary>
public sealed record JobRemoved(uint Id, string JobPath, string Unit, string Result)
{
    internal static JobRemoved? TryRead(Message signal)
    {
        if (signal.SignatureAsString != "uoss")
        {
            return null;
        }

        Reader body = signal.GetBodyReader();
        return new JobRemoved(body.ReadUInt32(), body.ReadObjectPathAsString(), body.ReadString(), body.ReadString());
    }
}
