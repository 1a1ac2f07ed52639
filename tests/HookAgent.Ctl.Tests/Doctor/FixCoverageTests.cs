using System.Text.RegularExpressions;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>Each check of doctor has a fix that is done in a real node, or a reason why none is.</summary>
public sealed partial class FixCoverageTests
{
    private static readonly string[] NotDone =
    [
        // The fix is a package of a registry, a file of the site's, or a decision: nothing that can be done to the letter.
        "bus-policy", "slurm.conf", "slurmd-others", "slurmd-environment", "unit-requires", "unit-processes", "state",
        // They do not come up in the lab: an old systemd or agent, limits with which slurmd does not run, a health check of others, its journal.
        "unit-exec-condition", "version", "slurmd-limits", "health-check", "journal",
        // Comes with the row of slurmd, which RequireUnit= names; harmless; by "tests/doctor/fix" in passing.
        "require-unit", "prolog-time", "slurmd-read", "slurmctld",
        // Of --removal and --probe, and of the provider's own start program.
        "link", "rights", "probe", "probe-prolog", "probe-handover", "probe-epilog", "provider",
    ];

    [Fact]
    public void Each_check_is_mended_or_named()
    {
        IEnumerable<string> inNode = Row().Matches(File.ReadAllText(ManualPageTests.Find("tests/HookAgent.System.Tests/DoctorFixTests.cs"))).Select(match => match.Groups[1].Value);
        IEnumerable<string> inSetUps = Verdict().Matches(File.ReadAllText(ManualPageTests.Find("tests/doctor/verdicts.md"))).Select(match => match.Groups[1].Value);

        Assert.Empty(ManualPageTests.Checks().Except(inNode).Except(inSetUps).Except(NotDone));
    }

    [GeneratedRegex("\\{ \"([a-z-]+)\", ")]
    private static partial Regex Row();

    [GeneratedRegex("([a-z-]+) (?:fault|warning)")]
    private static partial Regex Verdict();
}
