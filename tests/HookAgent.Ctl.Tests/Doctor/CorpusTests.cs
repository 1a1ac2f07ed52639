using System.Globalization;
using System.Text;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>Doctor and real Slurms agree about every set-up of tests/doctor/corpus.</summary>
public sealed class CorpusTests : IDisposable
{
    /// <summary>In these slurmd has not read what the file says since: that is what doctor has to say.</summary>
    private static readonly string[] ReadLater = [AddedLater, "later-removed"];

    private const string AddedLater = "later-added";

    /// <summary>
    /// The hook did not run, and the package stays: it runs from the next reconfigure, and for the jobs of a partition or of several
    /// nodes; or a program names it, and can run it in more ways than can be followed.
    /// </summary>
    private static readonly string[] MayRunYet =
    [
        AddedLater, "script-partition", "dispatch-skips-hook",
        "dispatch-list", "dispatch-run-parts-dot", "script-bare-name", "script-env-cleared", "script-runuser", .. CorpusSite.Names.Where(static name => name.StartsWith("mention-", StringComparison.Ordinal)),
    ];

    private readonly HealthySite _site = new();

    public static TheoryData<string> Names => [.. CorpusSite.Names];

    public void Dispose() => _site.Dispose();

    [Fact]
    public void Each_has_a_verdict_of_both_releases_of_the_lab()
    {
        string[] lacking = [.. CorpusSite.Names.Where(static name => CorpusSite.Verdicts(name).Select(static verdict => verdict.Version[..5]).Distinct().Count() < 2)];

        Assert.True(CorpusSite.Names.Count() >= 60);
        Assert.Empty(lacking);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Doctor_says_what_Slurm_does(string name)
    {
        CorpusSite.Apply(name, _site);
        Assert.All(CorpusSite.Verdicts(name), verdict =>
        {
            Finding[] findings = [.. SlurmChecks.Of(Facts(verdict.Version))];
            string said = string.Join('\n', findings.Select(static finding => finding.ToString()));
            Verdict Of(string check) => findings.SingleOrDefault(finding => finding.Check == check)?.Verdict ?? Verdict.Unseen;
            if (!verdict.Starts)
            {
                Assert.True(findings.Any(static finding => finding.Verdict == Verdict.Fault), $"Slurm {verdict.Version} does not start with it, and there is no fault:\n{said}");
            }
            else if (ReadLater.Contains(name))
            {
                Assert.Equal(Verdict.Warning, Of("slurmd-read"));
            }
            else
            {
                Assert.True(findings.Any(static finding => finding.Verdict == Verdict.Fault) || !verdict.Drains, $"the node drains, and there is no fault:\n{said}");
                Assert.True(!findings.Any(static finding => finding.Check is "refused" or "include"), $"Slurm starts with it:\n{said}");
                Agree(verdict.Drains, verdict.Prolog, Of("prolog"), $"Prolog on {verdict.Version}:\n{said}");
                Agree(verdict.Drains, verdict.Epilog, Of("epilog"), $"Epilog on {verdict.Version}:\n{said}");
                Assert.True(!verdict.Prolog || verdict.Alloc == (Of("prolog-flags") == Verdict.Ok), $"allocation on {verdict.Version}:\n{said}");
            }
        });
    }

    /// <summary>The table of tests/doctor/verdicts.md; HOOKAGENT_WRITE_TABLES=1 writes it.</summary>
    [Fact]
    public void The_verdicts_are_those_of_the_table()
    {
        StringBuilder table = new("""
            # What real Slurms do with each set-up, and what doctor says
            Written by `HOOKAGENT_WRITE_TABLES=1 dotnet test tests/HookAgent.Ctl.Tests --filter The_verdicts`. Does the hook run, and does
            the node drain; the checks of doctor that are not ok; and whether doctor lets the package go.

            | set-up | 22.05.8 | doctor | 24.11.5 | doctor | may the package go? |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (string name in CorpusSite.Names)
        {
            using HealthySite site = new();
            CorpusSite.Apply(name, site);
            string[] cells = [.. CorpusSite.Verdicts(name).OrderBy(static verdict => verdict.Version).SelectMany(verdict => new[] { verdict.Words, Said(site, verdict.Version) })];
            table.Append(CultureInfo.InvariantCulture, $"| `{name}` | {string.Join(" | ", cells)} | {(Goes(site, out _) ? "yes" : "no")} |\n");
        }

        string file = ManualPageTests.Find("tests/doctor/verdicts.md");
        if (Environment.GetEnvironmentVariable("HOOKAGENT_WRITE_TABLES") == "1")
        {
            File.WriteAllText(file, table.ToString());
        }

        Assert.Equal(File.ReadAllText(file), table.ToString());
    }

    /// <summary>The checks that are not ok, the faults first.</summary>
    private static string Said(HealthySite site, string version)
    {
        string[] said =
        [
            .. SlurmChecks.Of(site.Facts(SlurmVersion.Parse(version))).Where(static finding => finding.Verdict > Verdict.Unseen)
                .OrderByDescending(static finding => finding.Verdict)
                .Select(static finding => $"{finding.Check} {finding.Verdict.ToString().ToLowerInvariant()}").Distinct(),
        ];
        return said.Length > 0 ? string.Join(", ", said) : "ok";
    }

    private static bool Goes(HealthySite site, out string said)
    {
        Finding[] findings = [.. RemovalChecks.Of(new RemovalFacts(new SystemRoot(site.Root), IsRoot: true, site.Witnesses()))];
        said = string.Join('\n', findings.Select(static finding => finding.ToString()));
        return findings.All(static finding => finding.Verdict is Verdict.Ok or Verdict.Unseen);
    }

    /// <summary>prerm asks this: the package stays where the hook runs, and goes where it does not. Where Slurm does not start it stays, too.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_package_stays_where_the_hook_runs(string name)
    {
        CorpusSite.Apply(name, _site);

        bool goes = Goes(_site, out string said);
        SlurmVerdict[] seen = [.. CorpusSite.Verdicts(name).Where(static verdict => verdict.Starts)];
        Assert.True(!goes || seen.All(static verdict => !verdict.Prolog && !verdict.Epilog), $"the hook runs:\n{said}");
        Assert.True(goes || MayRunYet.Contains(name) || seen.Length == 0 || seen.Any(static verdict => verdict.Prolog || verdict.Epilog || verdict.Drains), $"the hook does not run:\n{said}");
    }

    /// <summary>A node that drains before or after the hook's turn tells nothing about the hook.</summary>
    private static void Agree(bool drains, bool runs, Verdict said, string text) =>
        Assert.True(drains || (runs ? said != Verdict.Fault : said is Verdict.Fault or Verdict.Warning), text);

    private NodeFacts Facts(string version) => _site.Facts(SlurmVersion.Parse(version));
}
