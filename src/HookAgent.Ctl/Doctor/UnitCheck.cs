using HookAgent.Bus.Systemd;

namespace HookAgent.Ctl.Doctor;

/// <summary>The unit that is lent the node: it must be hookagentd's alone to start, and systemd's to refuse beside a job.</summary>
internal static class UnitCheck
{
    private const string Records = $"{NodeFacts.RunDirectory}/jobs";

    /// <summary>What its own unit file is to have, in the words of a unit file.</summary>
    private static UnitCondition[] Wanted(UnitSettings unit) =>
    [
        Permit(unit.Id),
        new("ConditionPathIsDirectory", Negated: false, Records),
        new("ConditionDirectoryNotEmpty", Negated: true, Records),
    ];

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        string name = facts.Unit;
        Finding exists = OfExistence(name, facts.Provider);
        return facts.Provider is { LoadState: "loaded" } unit
            ? [exists, OfEnablement(name, unit), OfConditions(name, unit), OfBinding(name, unit), OfRestart(name, unit), OfStartLimit(name, unit)]
            : [exists];
    }

    private static Finding OfExistence(string name, UnitSettings? unit)
    {
        const string check = "unit";
        return unit switch
        {
            null => Finding.Unseen(check, "systemd does not answer"),
            { LoadState: "not-found" } => Finding.Fault(check, $"there is no {name} to lend the node to", "apt install hookagent-wasimoff, or set Unit= in hookagent.conf"),
            { LoadState: "masked" } => Finding.Warning(check, $"{name} is masked: the node is not lent", $"systemctl unmask {name}"),
            { LoadState: not "loaded" } => Finding.Fault(check, $"systemd cannot use {name} ({unit.LoadState})", $"systemd-analyze verify {name}"),
            { NeedsReload: true } => Finding.Warning(check, $"the file of {name} has changed since systemd read it", "systemctl daemon-reload"),
            _ => Finding.Ok(check, $"{name} is there, {unit.ActiveState}"),
        };
    }

    private static Finding OfEnablement(string name, UnitSettings unit)
    {
        const string check = "unit-enabled";
        return unit.UnitFileState is "enabled" or "enabled-runtime" or "linked" or "linked-runtime" or "alias"
            ? Finding.Fault(check, $"{name} is {unit.UnitFileState}: systemd starts it at boot, whatever hookagentd says", $"systemctl disable {name}, and take [Install] out of its file")
            : Finding.Ok(check, $"it is not started at boot ({(unit.UnitFileState.Length > 0 ? unit.UnitFileState : "no file")})");
    }

    private static Finding OfConditions(string name, UnitSettings unit)
    {
        const string check = "unit-conditions";
        // systemd puts the name under which it loaded the unit first in place of %n, and that may be an alias.
        UnitCondition alias = Permit(name);
        UnitCondition[] missing = [.. Wanted(unit).Where(condition => !unit.Conditions.Contains(condition) && !(condition == Permit(unit.Id) && unit.Conditions.Contains(alias)))];
        return missing.Length == 0
            ? Finding.Ok(check, "systemd refuses it beside a job record and without hookagentd's permit")
            : Finding.Fault(
                check,
                missing.Any(static condition => condition.Parameter == Records)
                    ? "systemd would start it beside a job record"
                    : "systemd would start it at anybody's wish, also for a hookagentd that does not see it",
                $"systemctl edit {name}, with  [Unit] {string.Join(' ', missing.Select(static condition => condition.ToString()))}");
    }

    private static UnitCondition Permit(string unit) => new("ConditionPathExists", Negated: false, $"{NodeFacts.RunDirectory}/permit/{unit}");

    private static Finding OfBinding(string name, UnitSettings unit)
    {
        const string check = "unit-binding";
        string[] missing =
        [
            .. unit.BindsTo.Contains(NodeFacts.AgentUnit) ? (string[])[] : [$"BindsTo={NodeFacts.AgentUnit}"],
            .. unit.After.Contains(NodeFacts.AgentUnit) ? (string[])[] : [$"After={NodeFacts.AgentUnit}"],
        ];
        return missing.Length == 0
            ? Finding.Ok(check, "it stops when hookagentd does")
            : Finding.Fault(check, "it would run on without hookagentd, and nobody would stop it for a job", $"systemctl edit {name}, with  [Unit] {string.Join(' ', missing)}");
    }

    private static Finding OfRestart(string name, UnitSettings unit)
    {
        const string check = "unit-restart";
        return unit.Restart == "no"
            ? Finding.Ok(check, "Restart=no: hookagentd alone starts it")
            : Finding.Fault(check, $"Restart={unit.Restart}: systemd and hookagentd would both start it", $"systemctl edit {name}, with  [Service] Restart=no");
    }

    private static Finding OfStartLimit(string name, UnitSettings unit)
    {
        const string check = "unit-start-limit";
        return unit.StartLimitIntervalUsec switch
        {
            null => Finding.Unseen(check, "systemd does not say whether it limits the unit's starts"),
            0 => Finding.Ok(check, "systemd starts it as often as hookagentd asks"),
            _ => Finding.Warning(check, "systemd limits its starts: between many short jobs it would refuse one", $"systemctl edit {name}, with  [Unit] StartLimitIntervalSec=0"),
        };
    }
}
