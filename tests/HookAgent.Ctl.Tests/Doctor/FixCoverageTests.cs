using System.Text.RegularExpressions;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>Each check of doctor has a fix that is done in a real node, or a reason why none is.</summary>
public sealed partial class FixCoverageTests
{
    private static readonly string[] NotDone =
    [
        // The fix is a decision of the site: doctor prints where to look, and no command.
        "slurm.conf", "unit-processes", "probe", "probe-prolog", "probe-epilog",
        // It is a fault only where probe-prolog is one, whose cause is what is mended.
        "probe-handover",
        // The fix is that of slurmctld, which has a row: the same file for all.
        "slurmd-others",
    ];

    [Fact]
    public void Each_check_is_mended_or_named()
    {
        IEnumerable<string> inNode = Row().Matches(File.ReadAllText(ManualPageTests.Find("tests/HookAgent.System.Tests/DoctorFixTests.cs"))).Select(match => match.Groups[1].Value);
        IEnumerable<string> inSetUps = Verdict().Matches(File.ReadAllText(ManualPageTests.Find("tests/doctor/verdicts.md"))).Select(match => match.Groups[1].Value);

        Assert.Empty(ManualPageTests.Checks().Except(inNode).Except(inSetUps).Except(NotDone));
    }

    [GeneratedRegex("(?:\\{ |const string check = )\"([a-z-]+)\"[,;]")]
    private static partial Regex Row();

    [GeneratedRegex("([a-z-]+) (?:fault|warning)")]
    private static partial Regex Verdict();
}
