using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Doctor;

namespace HookAgent.Ctl.Adopt;

/// <summary>Why a unit must not be lent, whatever a drop-in says: the thing, the cause, the next step.</summary>
internal static class AdoptRefusal
{
    /// <summary>
    /// What is reached before hookagentd starts. A unit that must be there before them cannot wait for hookagentd: systemd
    /// would break the cycle by leaving one of them out.
    /// </summary>
    private static readonly string[] s_beforeAgent = [NodeFacts.AgentUnit, "basic.target", "sysinit.target", "sockets.target", "dbus.socket", "dbus.service"];

    /// <summary>Null for a unit that can be adopted.</summary>
    public static string? Of(AdoptFacts facts)
    {
        string name = facts.Name;
        return facts.Unit switch
        {
            null => "systemd does not answer; see 'systemctl status'",
            { LoadState: "not-found" } => $"there is no {name}; 'systemctl list-unit-files --type=service' lists those of this node",
            { LoadState: "masked" } => $"{name} is masked, so that nothing starts it; run 'systemctl unmask {name}' first",
            { LoadState: not "loaded" } unit => $"systemd cannot use {name} ({unit.LoadState}); see 'systemd-analyze verify {name}'",
            { Id: var id } when id != name => $"{name} is another name of {id}, and drop-ins and conditions go by a unit's own name; run 'hookctl adopt {id}'",
            var unit when name is NodeFacts.AgentUnit or "dbus.service" or "dbus-broker.service" || RequiredUnits.Cover(facts.Set.RequireUnit, name) =>
                $"{name} is what lending the node needs, and no provider that goes when a job comes; adopt another unit",
            var unit => OfFile(facts, unit) ?? OfKind(name, unit) ?? OfOthers(facts, unit),
        };
    }

    /// <summary>Where it comes from: what systemd itself makes cannot be disabled.</summary>
    private static string? OfFile(AdoptFacts facts, UnitSettings unit) => facts switch
    {
        _ when unit.FragmentPath.Length == 0 || unit.FragmentPath.StartsWith("/run/", StringComparison.Ordinal) =>
            $"{facts.Name} has no unit file that lasts (it is made at boot, from an init script or the like); write one into {UnitLink.Folder}, then adopt that",
        { IsLinked: true } =>
            $"{unit.FragmentPath} is a link to a file elsewhere, and the unit is gone without it; replace the link by the file itself",
        _ when unit.UnitFileState.EndsWith("-runtime", StringComparison.Ordinal) =>
            $"{facts.Name} is {unit.UnitFileState}, until the next boot alone; run 'systemctl disable --runtime {facts.Name}' first",
        { DropIn: { } text } when !AdoptDropIn.IsOurs(text) =>
            $"{AdoptDropIn.PathOf(facts.Name)} is there and is not of hookctl's making; give it another name",
        _ => null,
    };

    /// <summary>A unit that hookagentd could not start, or could not tell when it ends.</summary>
    private static string? OfKind(string name, UnitSettings unit) => unit switch
    {
        { Type: "oneshot" } => $"{name} is Type=oneshot: it ends when its work is done, and hookagentd would take each end for a failure and start it again; lend a service that stays",
        { RemainsAfterExit: true } => $"{name} has RemainAfterExit=yes: it counts as running when its processes have ended, so nobody can tell whether it does; set RemainAfterExit=no if it is a service that stays",
        { RefusesStart: true } => $"{name} has RefuseManualStart=yes: hookagentd could not start it; set RefuseManualStart=no if that is right",
        { RefusesStop: true } => $"{name} has RefuseManualStop=yes: hookagentd could not stop it for a job; set RefuseManualStop=no if that is right",
        _ => null,
    };

    /// <summary>Other units that would start it, stop with it, or be stopped by it.</summary>
    private static string? OfOthers(AdoptFacts facts, UnitSettings unit)
    {
        string name = facts.Name;
        // What requires it by such a link does so no more once it is adopted.
        string[] stopped = [.. unit.StoppedWith.Where(other => !facts.Links.Any(link => link.Path == $"{UnitLink.Folder}/{other}.requires/{name}"))];
        return unit switch
        {
            { TriggeredBy: [var trigger, ..] } => $"{trigger} starts {name} when something happens, and would fail or be tried for ever while a job runs; run 'systemctl disable --now {trigger}' first, if {name} can do without",
            { UpheldBy: [var upholder, ..] } => $"{upholder} has Upholds={name} and would try to start it for ever while a job runs; take that out of {upholder}",
            _ when stopped is [var other, ..] => $"{other} needs {name}, and systemd would stop it each time that a job comes; take {name} out of the Requires=, BindsTo= or PartOf= of {other}",
            _ when unit.Before.FirstOrDefault(s_beforeAgent.Contains) is { } later => $"{name} has Before={later}, which hookagentd comes after: it cannot wait for hookagentd; take that out if it is not needed",
            _ when unit.Conflicts.FirstOrDefault(other => other == NodeFacts.AgentUnit || RequiredUnits.Cover(facts.Set.RequireUnit, other)) is { } foe => $"{name} has Conflicts={foe}: lending the node would stop {foe}; take that out",
            _ => null,
        };
    }
}
