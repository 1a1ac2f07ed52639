using System.Globalization;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// The unit that is lent the node: hookagentd alone may start it, systemd refuses it beside a job, and it stays out of a job's
/// way while the two overlap.
/// </summary>
internal static class UnitChecks
{
    private const string Records = $"{NodeFacts.RunDirectory}/jobs";

    /// <summary>What the agent needs after StopGrace=: the second SIGTERM, SIGKILL 2 s later, and their margin (hookagent.conf(5)).</summary>
    public static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(4);

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        string name = facts.Unit;
        Finding exists = OfExistence(facts.Root, name, facts.Provider);
        return facts.Provider is not { LoadState: "loaded" } unit ? [exists] :
        [
            exists, .. OfSettings(facts, name, unit), OfRequirements(facts, name), OfProcesses(facts.Root, unit),
            .. facts.Conf is { Problem: null } conf ? (Finding[])[HealthChecks.Of(facts, conf, unit)] : [],
        ];
    }

    /// <summary>What a unit is set to, be it lent already or not.</summary>
    public static IEnumerable<Finding> OfSettings(NodeFacts facts, string name, UnitSettings unit) =>
    [
        OfEnablement(name, unit), OfConditions(name, unit), OfExecCondition(facts, name, unit), OfBinding(name, unit), OfRestart(name, unit), OfIsolate(name, unit), OfRefusal(name, unit), OfStartLimit(name, unit),
        OfStop(facts, name, unit), OfStopCommands(name, unit), OfKillMode(name, unit), OfOom(name, unit), OfCpu(name, unit), OfMemory(facts, name, unit),
    ];

    /// <summary>What its own unit file is to have, in the words of a unit file.</summary>
    private static UnitCondition[] Wanted(UnitSettings unit) =>
    [
        Permit(unit.Id),
        new("ConditionPathIsDirectory", Negated: false, Records),
        new("ConditionDirectoryNotEmpty", Negated: true, Records),
    ];

    private static Finding OfExistence(SystemRoot root, string name, UnitSettings? unit)
    {
        const string check = "unit";
        return unit switch
        {
            null => Finding.Unseen(check, "systemd does not answer"),
            { LoadState: "not-found" } => Finding.Fault(check, $"there is no {name} to lend the node to", $"{PackageTool.Install(root, "hookagent-wasimoff")}, or set Unit= in hookagent.conf"),
            { LoadState: "masked" } => Finding.Warning(check, $"{name} is masked: the node is not lent", $"systemctl unmask {name}"),
            { LoadState: not "loaded" } => Finding.Fault(check, $"systemd cannot use {name} ({unit.LoadState})", $"systemd-analyze verify {name}"),
            { NeedsReload: true } => Finding.Warning(check, $"the file of {name} has changed since systemd read it", "systemctl daemon-reload"),
            _ => Finding.Ok(check, $"{name} is there, {unit.ActiveState}"),
        };
    }

    private static Finding OfEnablement(string name, UnitSettings unit)
    {
        const string check = "unit-enabled";

        // One that is linked, or has an alias, is wanted by nothing yet (systemctl(1), is-enabled).
        return unit.UnitFileState is "enabled" or "enabled-runtime"
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
                    : "systemd would start it for anybody, also while hookagentd cannot see it",
                Fixes.Edit(name, "Unit", [.. missing.Select(static condition => condition.ToString())]));
    }

    /// <summary>systemd below 243 warns of the key while it reads the file, and starts the unit without asking.</summary>
    private static Finding OfExecCondition(NodeFacts facts, string name, UnitSettings unit)
    {
        const string check = "unit-exec-condition";

        // systemd takes what it cannot run (exit status 203) for a refusal. Who is not root may not see into a folder.
        string? missing = unit.ExecConditionPrograms.FirstOrDefault(program => program.StartsWith('/') && (facts.Root.IsExecutable(program) ?? !facts.IsRoot) is false);
        return unit.HasExecCondition switch
        {
            true when missing is not null => Finding.Fault(
                check,
                $"systemd cannot run {Terminal.Printable(missing)} (ExecCondition=), which counts as a refusal: the node is never lent",
                $"systemctl cat {name}; put the program where its ExecCondition= has it, with mode 0755, or correct that"),
            true => Finding.Ok(check, "its ExecCondition= is asked before each start"),
            false => Finding.Ok(check, "it has no ExecCondition= of the site's"),
            null when FindExecCondition(facts.Root, unit.Files) is { } place => Finding.Fault(
                check,
                $"ExecCondition= ({place}) needs systemd 243, and this one is older: the node is lent without asking it",
                "take it out, and hold the node instead when it must not be lent:  hookctl hold"),
            null => Finding.Ok(check, "it has no ExecCondition= of the site's, which would need systemd 243"),
        };
    }

    /// <summary>Where it is set; null where it is not, or is cleared again by an empty one. Continued lines are not joined: none begins with a key.</summary>
    private static string? FindExecCondition(SystemRoot root, IReadOnlyList<string> files)
    {
        string? place = null;
        foreach (string file in files)
        {
            string[] lines = root.TryReadText(file, out _)?.Split('\n') ?? [];
            for (int i = 0; i < lines.Length; i++)
            {
                string[] pair = lines[i].Split('=', 2, StringSplitOptions.TrimEntries);
                if (pair is ["ExecCondition", var command])
                {
                    place = command.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{file}:{i + 1}");
                }
            }
        }

        return place;
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
            : Finding.Fault(check, "it would continue to run without hookagentd, and nothing would stop it for a job", Fixes.Edit(name, "Unit", missing));
    }

    private static Finding OfRestart(string name, UnitSettings unit)
    {
        const string check = "unit-restart";
        return unit.Restart == "no"
            ? Finding.Ok(check, "Restart=no: hookagentd alone starts it")
            : Finding.Fault(check, $"Restart={unit.Restart}: systemd and hookagentd would both start it", Fixes.Edit(name, "Service", ["Restart=no"]));
    }

    private static Finding OfIsolate(string name, UnitSettings unit)
    {
        const string check = "unit-isolate";
        return unit.IgnoresIsolate switch
        {
            null => Finding.Unseen(check, "systemd does not say whether 'systemctl isolate' stops it"),
            true => Finding.Ok(check, "'systemctl isolate' leaves it alone"),
            false => Finding.Warning(
                check, "'systemctl isolate' stops it, which counts as a stop by hand: the node is then held until 'hookctl release'",
                Fixes.Edit(name, "Unit", ["IgnoreOnIsolate=yes"])),
        };
    }

    /// <summary>systemd.unit(5): refused to whoever asks for the unit itself, as hookagentd does.</summary>
    private static Finding OfRefusal(string name, UnitSettings unit)
    {
        const string check = "unit-manual";
        return unit.RefusesStart == true
            ? Finding.Fault(check, "RefuseManualStart=yes: systemd refuses hookagentd each start, and the node is never lent", Fixes.Edit(name, "Unit", ["RefuseManualStart=no"]))
            : unit.RefusesStop == true
                ? Finding.Fault(check, "RefuseManualStop=yes: systemd refuses hookagentd the stop, and the provider goes on beside a job until it is killed", Fixes.Edit(name, "Unit", ["RefuseManualStop=no"]))
                : Finding.Ok(check, "hookagentd may start and stop it");
    }

    private static Finding OfRequirements(NodeFacts facts, string name)
    {
        const string check = "unit-requires";
        return facts.Unstartable is [var required, ..]
            ? Finding.Fault(check, $"it requires {required.Name}, which is {required.LoadState}: systemd refuses each start", $"systemctl status {required.Name}; then take it out of Requires= and BindsTo= of {name}, or bring it")
            : Finding.Ok(check, "all that it requires is there");
    }

    private static Finding OfStartLimit(string name, UnitSettings unit)
    {
        const string check = "unit-start-limit";
        return unit.StartLimitIntervalUsec switch
        {
            null => Finding.Unseen(check, "systemd gives no limit of the unit's starts"),
            0 => Finding.Ok(check, "systemd starts it as often as hookagentd asks"),
            _ => Finding.Warning(check, "systemd limits its starts: between many short jobs it would refuse one", Fixes.Edit(name, "Unit", ["StartLimitIntervalSec=0"])),
        };
    }

    private static Finding OfStop(NodeFacts facts, string name, UnitSettings unit)
    {
        const string check = "unit-stop-timeout";
        TimeSpan wanted = facts.Set.StopGrace + AfterGrace;
        string grace = $"StopGrace={TimeSpanText.Format(facts.Set.StopGrace)}";
        string fix = Fixes.Edit(name, "Service", [$"TimeoutStopSec={TimeSpanText.Format(wanted)}"]);
        return unit.TimeoutStopUsec switch
        {
            null => Finding.Unseen(check, "systemd gives no value"),
            UnitSettings.NoLimit => Finding.Warning(check, "TimeoutStopSec=infinity: without hookagentd a provider that does not stop is never killed", fix),
            ulong usec when TimeSpan.FromMicroseconds(usec) < facts.Set.StopGrace =>
                Finding.Fault(check, $"TimeoutStopSec={TimeSpanText.Format(TimeSpan.FromMicroseconds(usec))} is less than {grace}: systemd kills the provider before it has used its grace", fix),
            ulong usec when TimeSpan.FromMicroseconds(usec) < wanted =>
                Finding.Warning(check, $"TimeoutStopSec={TimeSpanText.Format(TimeSpan.FromMicroseconds(usec))} is less than {grace} and 4 s: systemd and hookagentd interfere with each other", fix),
            ulong usec => Finding.Ok(check, $"TimeoutStopSec={TimeSpanText.Format(TimeSpan.FromMicroseconds(usec))}, {grace}"),
        };
    }

    private static Finding OfStopCommands(string name, UnitSettings unit)
    {
        const string check = "unit-stop-commands";
        return unit.HasStopCommands
            ? Finding.Fault(
                check,
                "it has ExecStop= or ExecStopPost=, and systemd grants each of them TimeoutStopSec= again: without hookagentd it may run beside a job for several times as long",
                Fixes.Edit(name, "Service", ["ExecStop=", "ExecStopPost="], ", if it stops on SIGTERM"))
            : Finding.Ok(check, "it has no ExecStop= or ExecStopPost= that could hold its stop up");
    }

    private static Finding OfKillMode(string name, UnitSettings unit)
    {
        const string check = "unit-kill-mode";
        return unit.KillMode switch
        {
            "" => Finding.Unseen(check, "systemd gives no value"),
            "control-group" or "mixed" => Finding.Ok(check, $"KillMode={unit.KillMode}: its children stop with it"),
            string mode => Finding.Warning(check, $"KillMode={mode}: its children outlive it, and hookagentd kills them half a second later", Fixes.Edit(name, "Service", ["KillMode=control-group"])),
        };
    }

    private static Finding OfOom(string name, UnitSettings unit)
    {
        const string check = "unit-oom";
        return unit.OomScoreAdjust switch
        {
            null => Finding.Unseen(check, "systemd gives no value"),
            > 0 and int score => Finding.Ok(check, $"OOMScoreAdjust={score.ToString(CultureInfo.InvariantCulture)}: it is killed before a job when memory runs out"),
            int score => Finding.Warning(check, $"OOMScoreAdjust={score.ToString(CultureInfo.InvariantCulture)}: a job may be killed instead when memory runs out", Fixes.Edit(name, "Service", ["OOMScoreAdjust=1000"])),
        };
    }

    private static Finding OfCpu(string name, UnitSettings unit)
    {
        const string check = "unit-cpu-weight";
        string fix = Fixes.Edit(name, "Service", ["CPUWeight=idle", "Slice=hookagent.slice"]);
        return unit.CpuWeight switch
        {
            null => Finding.Unseen(check, "systemd gives no value"),
            0 when unit.Slice == "system.slice" => Finding.Warning(check, "CPUWeight=idle counts among the services of system.slice alone, and not against a job", fix),
            0 => Finding.Ok(check, $"CPUWeight=idle, in {unit.Slice}"),
            1 when unit.Slice != "system.slice" => Finding.Ok(check, $"CPUWeight=1, in {unit.Slice}: the least but idle, which systemd knows from 252 on"),
            UnitSettings.NoLimit => Finding.Warning(check, "there is no CPUWeight=: a job shares the processors with it while it stops", fix),
            ulong weight => Finding.Warning(check, $"CPUWeight={weight.ToString(CultureInfo.InvariantCulture)} and not idle: a job shares the processors with it while it stops", fix),
        };
    }

    /// <summary>A provider that may use so much memory that less than RealMemory is left makes an idle node look broken to health checks.</summary>
    private static Finding OfMemory(NodeFacts facts, string name, UnitSettings unit)
    {
        const string check = "unit-memory";
        if (unit.MemoryMax is not { } max || NodeMemory.Total(facts.Root) is not { } total)
        {
            return Finding.Unseen(check, "systemd or /proc/meminfo gives no value");
        }

        if (max == UnitSettings.NoLimit)
        {
            return Finding.Warning(check, "there is no MemoryMax=: the provider may take all of the node's memory", Fixes.Edit(name, "Service", ["MemoryMax=25%"]));
        }

        if (facts.Conf is not { Problem: null } conf || SlurmNodeMemory.Of(conf, Names(facts)) is not var (real, place))
        {
            return Finding.Ok(check, $"MemoryMax={Written(max / NodeMemory.Mebibyte)}; slurm.conf has no RealMemory= of this node to compare it with");
        }

        // What the system itself uses is missed as well by a health check that asks for what is available.
        ulong idle = NodeMemory.Idle(facts, unit) ?? total;
        ulong left = max < idle ? (idle - max) / NodeMemory.Mebibyte : 0;
        string leaves = $"MemoryMax={Written(max / NodeMemory.Mebibyte)} leaves jobs {Written(left)} of the {Written(idle / NodeMemory.Mebibyte)} that {(idle == total ? "the node has" : "an idle node has available")}";

        // Until the provider is gone both want the memory, and where its end cannot be hastened the kernel may kill the job.
        bool waits = facts.Set.PrologWait >= facts.Set.StopGrace + SlurmChecks.UntilGone;
        string unless = waits ? "; no fix is needed without such a health check" : "";
        return left >= real
            ? Finding.Ok(check, $"{leaves}; slurm.conf says RealMemory={real} ({place})")
            : Finding.Warning(
                check,
                $"{leaves}, less than RealMemory={real} ({place}): a health check that asks for RealMemory drains an idle node{(waits ? "" : ", and without PrologWait= a job that takes all of it may be killed for want of memory")}",
                idle / NodeMemory.Mebibyte > real
                    ? Fixes.Edit(name, "Service", [$"MemoryMax={Written((idle / NodeMemory.Mebibyte) - real)}"], unless)
                    : $"lower RealMemory= to less than {Written(idle / NodeMemory.Mebibyte)}{unless}");
    }

    /// <summary>A service may hand its work to processes outside of its control group, which systemd does not stop with it, and hookagentd does not see.</summary>
    private static Finding OfProcesses(SystemRoot root, UnitSettings unit)
    {
        const string check = "unit-processes";
        if (unit is not { ActiveState: "active", ControlGroup: { Length: > 0 } group })
        {
            return Finding.Unseen(check, "only while the unit runs can be seen whether all of its processes stop with it; ask again when the node is lent");
        }

        UnitProcesses processes = UnitProcesses.Of(root.Real("/proc"), group);
        return processes switch
        {
            { HasAny: false } => Finding.Unseen(check, "none of its processes can be seen; try it as root"),
            { Outside: [var first, ..] } => Finding.Warning(
                check,
                $"not all of its processes are in its control group, and those elsewhere go on beside a job: {first.Id} ({Terminal.Printable(first.Name)}) in {Terminal.Printable(first.ControlGroup)}{(processes.Outside.Count > 1 ? $", and {processes.Outside.Count - 1} more" : "")}",
                "see /usr/share/doc/hookagent/adopt.md: have the service keep its work in its own control group"),
            { AreRoots: true } => Finding.Ok(check, "no child of it is outside of its control group; all of it is root's, so a process that has left it altogether cannot be told"),
            _ => Finding.Ok(check, "no process of its users or of its children is outside of its control group"),
        };
    }

    private static IReadOnlyList<string> Names(NodeFacts facts) =>
        facts.Slurmd.NodeNames.Count > 0 ? facts.Slurmd.NodeNames : HostAliases.Of(facts.Root, Environment.MachineName);

    private static string Written(ulong value) => value.ToString(CultureInfo.InvariantCulture) + "M";
}
