using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Core;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Doctor;

/// <summary>hookagentd: its unit, its version, and what it makes of the node.</summary>
internal static class AgentCheck
{
    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        yield return OfUnit(facts.Agent);
        if (facts.Status is { } status)
        {
            yield return status.Version == ProductVersion.Text
                ? Finding.Ok("version", $"{status.Version} of hookagentd and hookctl")
                : Finding.Warning("version", $"hookagentd is {Terminal.Plain(status.Version)} and hookctl {ProductVersion.Text}", "systemctl restart hookagentd");
            yield return OfState(status);
        }

        if (facts.Set.RequireUnit is { } required)
        {
            yield return OfRequired(required, facts.Required);
        }
    }

    private static Finding OfUnit(UnitSettings? unit)
    {
        const string check = "agent";
        return unit switch
        {
            null => Finding.Unseen(check, "systemd does not answer"),
            { LoadState: "not-found" } => Finding.Fault(check, "there is no hookagentd.service", "apt install --reinstall hookagent"),
            { LoadState: "masked" } => Finding.Fault(check, "hookagentd.service is masked", "systemctl unmask hookagentd && systemctl enable --now hookagentd"),
            { ActiveState: not ("active" or "reloading") } => Finding.Fault(check, $"hookagentd.service is {unit.ActiveState}: nothing is lent", "systemctl start hookagentd; if it does not stay: journalctl -u hookagentd"),
            { UnitFileState: not "enabled" } => Finding.Warning(check, "hookagentd.service is not started at boot", "systemctl enable hookagentd"),
            { NeedsReload: true } => Finding.Warning(check, "the file of hookagentd.service has changed since systemd read it", "systemctl daemon-reload && systemctl restart hookagentd"),
            _ => Finding.Ok(check, "hookagentd.service is active and started at boot"),
        };
    }

    private static Finding OfState(NodeStatus status)
    {
        const string check = "state";
        string text = Terminal.Plain($"{status.State} ({status.Reason}): {Why.Sentence(status.Reason)}");
        return status.State switch
        {
            "unknown" => Finding.Warning(check, text, "hookctl reconcile; journalctl -u hookagentd -x tells more"),
            "failed" => Finding.Warning(check, text, "journalctl -u hookagentd -x tells more; when the cause is mended: hookctl retry"),
            _ => Finding.Ok(check, text),
        };
    }

    private static Finding OfRequired(string name, UnitSettings? unit)
    {
        const string check = "require-unit";
        return unit switch
        {
            null => Finding.Unseen(check, "systemd does not answer"),
            { LoadState: not "loaded" } => Finding.Fault(check, $"{name} (RequireUnit=) is {unit.LoadState}: nothing is ever lent", "set RequireUnit= in hookagent.conf, then systemctl restart hookagentd"),
            { ActiveState: not ("active" or "reloading") } => Finding.Warning(check, $"{name} (RequireUnit=) is {unit.ActiveState}: nothing is lent", $"systemctl start {name}"),
            _ => Finding.Ok(check, $"{name} is {unit.ActiveState}"),
        };
    }
}
