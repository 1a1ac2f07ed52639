using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Core;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Core.Text;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// The agent: its settings, the bus between it and the hook, its unit and version, and the state that it gives the node.
/// </summary>
internal static class AgentChecks
{
    /// <summary>A tenth of a second is a hundred times what the agent needs, and every Prolog waits it out.</summary>
    private const long SlowUsec = 100_000;

    private static readonly string[] PolicyFolders = ["/usr/share/dbus-1/system.d", "/etc/dbus-1/system.d"];

    public static IEnumerable<Finding> Of(NodeFacts facts) =>
    [
        .. OfSettings(facts), OfPolicy(facts.Root), OfRoundTrip(facts), OfUnit(facts.Root, facts.Agent),
        .. facts.Status is { } status ? (Finding[])[OfVersion(status), OfState(status, facts.Root), ProcessChecks.Of(facts.Root)] : [],
        .. facts.Required is [] && facts.Set.RequireUnit is { } unseen ? [OfRequired(new RequiredUnit(unseen, null))] : facts.Required.Select(OfRequired),
    ];

    /// <summary>Whether the settings are good, and whether the hook goes by the same.</summary>
    private static IEnumerable<Finding> OfSettings(NodeFacts facts)
    {
        const string check = "settings";
        if (facts.Settings is SettingsResult.Invalid invalid)
        {
            return [.. invalid.Errors.Select(error => Finding.Fault(check, error.ToString(), $"correct this line, then: hookagentd --check && systemctl {(facts.Status is null ? "restart" : "reload")} hookagentd"))];
        }

        string path = Path.Combine(NodeFacts.RunDirectory, "hook.conf");
        HookSettings published = HookSettings.Read(facts.Root.Real(path), out HookSettingsFault fault);
        if (fault != HookSettingsFault.None)
        {
            return [Finding.Fault(check, $"{path}, which the hook reads, is damaged ({fault}): the hook takes its defaults", "systemctl restart hookagentd")];
        }

        if (facts.Status is { } status && ReadAtStartAlone(status, facts.Set) is { } old)
        {
            return [Finding.Warning(check, Terminal.Printable($"hookagent.conf says {old} is read at its start alone"), "systemctl restart hookagentd")];
        }

        return facts.Status is not null && published != new HookSettings(facts.Set.HookTimeout, facts.Set.PrologWait)
            ? [Finding.Warning(check, $"{path}, which the hook reads, is not what hookagent.conf says", "systemctl reload hookagentd")]
            : [Finding.Ok(check, facts.Status is null ? "are good" : "are good, and the hook has them")];
    }

    /// <summary>Which of the settings that a reload leaves alone is another than the agent's; null where none is.</summary>
    private static string? ReadAtStartAlone(NodeStatus status, AgentSettings set)
    {
        string required = set.RequireUnit ?? "";
        return status.Unit != set.Unit ? $"Unit={set.Unit}, and hookagentd still lends the node to {status.Unit}: Unit="
            : status.RequireUnit != required ? $"RequireUnit={required}, and hookagentd still requires {(status.RequireUnit.Length > 0 ? status.RequireUnit : "nothing")}: RequireUnit="
            : null;
    }

    private static Finding OfRoundTrip(NodeFacts facts)
    {
        const string check = "round-trip";
        if (facts.BusProblem is { } problem)
        {
            return Finding.Fault(check, problem, "systemctl start dbus.socket");
        }
        else if (facts.Answer.Outcome == NodeOutcome.NotAllowed)
        {
            return Finding.Fault(check, "the bus lets nobody ask hookagentd", PolicyAnew(facts.Root));
        }
        else if (!facts.Answer.IsOk)
        {
            return Finding.Fault(check, AgentConnection.Explain(facts.Answer), facts.Answer.Outcome == NodeOutcome.NoAnswer ? "systemctl restart hookagentd" : StartOf(facts.Root, facts.Agent));
        }
        else if (facts.RoundTripUsec is not { } usec)
        {
            return Finding.Fault(check, "hookagentd ended while it was asked", "systemctl status hookagentd");
        }
        else
        {
            string took = $"{SpanText.Of(TimeSpan.FromMicroseconds(usec))} to hookagentd and back";
            return usec < SlowUsec
                ? Finding.Ok(check, took)
                : Finding.Warning(check, $"{took}, which every Prolog waits", "see what keeps this node busy: 'systemd-cgtop', 'journalctl -u hookagentd'");
        }
    }

    /// <summary>What starts the agent now and at boot, also one that systemd does not start as it is.</summary>
    public static string StartOf(SystemRoot root, UnitSettings? agent) => agent switch
    {
        { LoadState: "masked" } => "systemctl unmask hookagentd && systemctl enable --now hookagentd",
        { LoadState: "not-found" } => PackageTool.Reinstall(root),
        { UnitFileState: not "enabled" } => "systemctl enable --now hookagentd",
        _ => "systemctl start hookagentd",
    };

    /// <summary>Brings the bus policy, and has the bus read it.</summary>
    private static string PolicyAnew(SystemRoot root) => $"{PackageTool.Reinstall(root)} && systemctl reload dbus";

    private static Finding OfPolicy(SystemRoot root)
    {
        const string check = "bus-policy";
        const string file = $"{NodeContract.BusName}.conf";
        string? path = PolicyFolders.Select(static folder => $"{folder}/{file}").FirstOrDefault(root.IsFile);
        if (path is null)
        {
            return Finding.Fault(check, $"there is no {PolicyFolders[0]}/{file}: the bus refuses hookagentd its name", PolicyAnew(root));
        }

        return root.TryReadText(path, out string? problem) is not { } text
            ? Finding.Unseen(check, $"{path} cannot be read: {problem}")
            : text.Contains($"<deny send_destination=\"{NodeContract.BusName}\"/>", StringComparison.Ordinal)
                ? Finding.Ok(check, $"lets root alone call hookagentd ({path})")
                : Finding.Warning(check, $"{path} does not deny others than root to call hookagentd", PolicyAnew(root));
    }

    private static Finding OfVersion(NodeStatus status) => status.Version == ProductVersion.Text
        ? Finding.Ok("version", $"{status.Version} of hookagentd and hookctl")
        : Finding.Warning("version", $"hookagentd is {Terminal.Printable(status.Version)} and hookctl {ProductVersion.Text}", "systemctl restart hookagentd");

    private static Finding OfUnit(SystemRoot root, UnitSettings? unit)
    {
        const string check = "agent";
        return unit switch
        {
            null => Finding.Unseen(check, "systemd does not answer"),
            { LoadState: "not-found" } => Finding.Fault(check, "there is no hookagentd.service", StartOf(root, unit)),
            { LoadState: "masked" } => Finding.Fault(check, "hookagentd.service is masked", StartOf(root, unit)),
            { ActiveState: not ("active" or "reloading") } => Finding.Fault(
                check,
                $"hookagentd.service is {unit.ActiveState}{(unit.UnitFileState == "enabled" ? "" : ", and not started at boot")}: nothing is lent",
                $"{StartOf(root, unit)}; if it does not stay: journalctl -u hookagentd"),
            { UnitFileState: not "enabled" } => Finding.Warning(check, "hookagentd.service is not started at boot", "systemctl enable hookagentd"),
            { NeedsReload: true } => Finding.Warning(check, "the file of hookagentd.service has changed since systemd read it", "systemctl daemon-reload && systemctl restart hookagentd"),
            _ => Finding.Ok(check, "hookagentd.service is active and started at boot"),
        };
    }

    private static Finding OfState(NodeStatus status, SystemRoot root)
    {
        const string check = "state";
        string text = Terminal.Printable($"{status.State} ({status.Reason}): {ReasonSentence.Of(status)}");
        return status.State switch
        {
            // The agent looks for steps before it lends, and relies on the hook from then on.
            "lending" when Untold(root) is { } job => Finding.Fault(
                check, $"the node is lent, and job {job} runs on it: no hook told hookagentd of the job", Fixes.HoldMeanwhile),
            "busy" when Stepless(root) is { } job => Finding.Unseen(
                check, $"{text} Job {job} has a record and no slurmstepd: an allocation without a step has none, and neither has a job whose Epilog did not run the hook", $"squeue -j {job}; if Slurm does not have it: hookctl reconcile"),
            "unknown" => Finding.Warning(check, text, WhatEndsUnknown(status.Reason)),
            "failed" => Finding.Warning(check, text, $"journalctl -u {Terminal.Printable(status.Unit)} says why; when the cause is fixed: hookctl retry"),
            _ => Finding.Ok(check, text),
        };
    }

    /// <summary>
    /// A job that has a slurmstepd and no record. One that came since the state was read has a record, and one that has ended
    /// since its slurmstepd was seen has none any more: so the slurmstepd must still be there.
    /// </summary>
    private static JobId? Untold(SystemRoot root)
    {
        SlurmSteps steps = new(root.Real("/proc"));
        List<SlurmStep> seen = steps.Scan();
        HashSet<JobId> untold = [.. seen.Select(static step => step.Job).Except(Recorded(root))];
        return untold.Count == 0 ? null : steps.Scan().Select(static step => (JobId?)step.Job).FirstOrDefault(job => untold.Contains(job!.Value));
    }

    /// <summary>A recorded job without a slurmstepd, as of which a record without an end is never called stale.</summary>
    private static JobId? Stepless(SystemRoot root)
    {
        HashSet<JobId> steps = [.. new SlurmSteps(root.Real("/proc")).Scan().Select(static step => step.Job)];
        return Recorded(root).Select(static job => (JobId?)job).FirstOrDefault(job => !steps.Contains(job!.Value));
    }

    private static IEnumerable<JobId> Recorded(SystemRoot root) =>
        new JobDirectory(root.Real(Path.Combine(NodeFacts.RunDirectory, "jobs"))).Read(boot: null).Identities.Keys;

    /// <summary>Only where the record directory may lack a job does it help to ask Slurm; the reason's sentence has the rest.</summary>
    private static string WhatEndsUnknown(string reason) =>
        reason == Reason.DirectoryUnproven.Word() ? "hookctl reconcile"
        : reason == Reason.JobWithoutRecord.Word() || reason == Reason.StepWithoutRecord.Word() ? "squeue -w $(hostname -s) shows the job; nothing is to be done while it runs; if Slurm does not have it: hookctl reconcile"
        : reason == Reason.ForeignEntry.Word() ? "hookctl jobs names it; remove it if it belongs to no running job"
        : "journalctl -u hookagentd -x";

    private static Finding OfRequired(RequiredUnit required)
    {
        const string check = "require-unit";
        string name = required.Name;
        return required.Settings switch
        {
            null when !required.Matches => Finding.Warning(
                check, $"systemd has no unit {name} (RequireUnit=): nothing is lent", "start one, or set RequireUnit= in hookagent.conf, then systemctl restart hookagentd"),
            null => Finding.Unseen(check, "systemd does not answer"),
            { LoadState: not "loaded" } unit => Finding.Fault(check, $"{name} (RequireUnit=) is {unit.LoadState}: nothing is ever lent", "set RequireUnit= in hookagent.conf, then systemctl restart hookagentd"),
            { ActiveState: not ("active" or "reloading") } unit => Finding.Warning(check, $"{name} (RequireUnit=) is {unit.ActiveState}: nothing is lent", $"systemctl start {name}"),
            var unit => Finding.Ok(check, $"{name} is {unit.ActiveState}"),
        };
    }
}
