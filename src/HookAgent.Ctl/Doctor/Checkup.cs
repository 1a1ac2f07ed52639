namespace HookAgent.Ctl.Doctor;

/// <summary>Checks of one part of the chain, under one heading.</summary>
internal sealed record CheckGroup(string Heading, IReadOnlyList<Finding> Findings);

/// <summary>All checks, in the order in which an event of a job meets what they look at.</summary>
internal static class Checkup
{
    public static IReadOnlyList<CheckGroup> Of(NodeFacts facts) =>
    [
        new("Slurm", [.. SlurmConfCheck.Of(facts), .. HookLineCheck.Of(facts), .. PrologFlagsCheck.Of(facts), .. SlurmTimeoutsCheck.Of(facts)]),
        new("Hook", [.. HookFileCheck.Of(facts), .. SlurmdProcessCheck.Of(facts), .. RecordsCheck.Of(facts)]),
        new("Agent", [.. SettingsCheck.Of(facts), .. BusCheck.Of(facts), .. AgentCheck.Of(facts)]),
        new("Lent unit", [.. UnitCheck.Of(facts), .. UnitLimitsCheck.Of(facts)]),
        new("Wasimoff provider", [.. ProviderCheck.Of(facts)]),
        new("Records of what happened", [.. JournalCheck.Of(facts), .. MetricsCheck.Of(facts)]),
    ];

    /// <summary>The worst that was found decides; what could not be seen does not.</summary>
    public static int ExitCodeOf(IEnumerable<CheckGroup> groups)
    {
        Finding[] all = [.. groups.SelectMany(static group => group.Findings)];
        return all.Any(static finding => finding.Verdict == Verdict.Fault) ? ExitCode.Failed
            : all.Any(static finding => finding.Verdict == Verdict.Warning) ? ExitCode.Warnings
            : ExitCode.Done;
    }
}
