using HookAgent.Bus.Systemd;
using HookAgent.Ctl.Doctor;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>The shipped provider's own check: when it is made, and what its lines come to.</summary>
public sealed class ProviderCheckTests : IDisposable
{
    private const string Started = "start wasimoff-provider-check.service";

    private const string AllLines = """
        ok settings: broker http://controller:4080, workers 2
        fault deno: Deno is missing. No deno is in PATH. -> install Deno
        something that Deno said: by the way
        skipped load: something before is at fault
        warning modules: are old -> renew them
        ok broker: controller:4080 answers
        """;

    private readonly HealthySite _site = new();

    public ProviderCheckTests()
    {
        Says("journalctl", AllLines);
        Systemctl("path=/usr/libexec/hookagent/wasimoff-provider ; argv[]=/usr/libexec/hookagent/wasimoff-provider ;");
    }

    public void Dispose() => _site.Dispose();

    [Fact]
    public void Each_line_is_a_finding_with_what_mends_it()
    {
        Finding[] findings = Findings(_site.Facts());

        Assert.Equal(
        [
            Finding.Ok("provider-settings", "broker http://controller:4080, workers 2"),
            Finding.Fault("provider-deno", "Deno is missing. No deno is in PATH.", "install Deno"),
            Finding.Unseen("provider-load", "something before is at fault"),
            Finding.Warning("provider-modules", "are old", "renew them"),
            Finding.Ok("provider-broker", "controller:4080 answers"),
        ], findings);
        Assert.Contains(Started, Calls, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_did_not_come_to_its_end_is_not_taken_for_a_good_one()
    {
        Says("journalctl", "ok settings: all of them");

        Assert.Equal([Finding.Unseen("provider", "the provider's check did not finish", "journalctl -u wasimoff-provider-check.service")], Findings(_site.Facts()));
    }

    [Fact]
    public void Beside_a_record_nothing_is_started()
    {
        _site.Write("/run/hookagent/jobs/17", "JOB_ID=17\n");

        Finding finding = Assert.Single(Findings(_site.Facts()));

        Assert.Equal((Verdict.Unseen, "the provider is not checked while a job is on the node"), (finding.Verdict, finding.Text));
        Assert.DoesNotContain(Started, Calls, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_comes_first_is_said()
    {
        Says("journalctl", "");
        Systemctl("path=/usr/libexec/hookagent/wasimoff-provider ;", "ConditionResult=no");

        Assert.Equal("the provider is not checked while a job is on the node", Assert.Single(Findings(_site.Facts())).Text);
    }

    [Fact]
    public void Who_is_not_root_is_told_so_and_nothing_is_started()
    {
        Finding finding = Assert.Single(Findings(_site.Facts() with { IsRoot = false }));

        Assert.Equal((Verdict.Unseen, "sudo hookctl doctor"), (finding.Verdict, finding.Fix));
        Assert.DoesNotContain(Started, Calls, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_agent_systemd_would_start_it_with_the_check()
    {
        Finding finding = Assert.Single(Findings(_site.Facts() with { Agent = new UnitSettings { LoadState = "loaded", ActiveState = "inactive", UnitFileState = "enabled" } }));

        Assert.Equal("systemctl start hookagentd", finding.Fix);
        Assert.DoesNotContain(Started, Calls, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_unit_or_another_program_is_not_this_check_s_business()
    {
        NodeFacts facts = _site.Facts();
        Assert.Empty(Findings(facts with { Status = facts.Status! with { Unit = "boinc-client.service" } }));

        Systemctl("path=/usr/local/bin/other ; argv[]=/usr/local/bin/other ;");
        Assert.Empty(Findings(facts));
        Assert.DoesNotContain(Started, Calls, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drop_in_that_the_check_has_not_is_named()
    {
        Systemctl("path=/usr/libexec/hookagent/wasimoff-provider ;", "DropInPaths=/etc/systemd/system/wasimoff-provider.service.d/net.conf", forProvider: true);

        Finding finding = Findings(_site.Facts())[0];

        Assert.Equal((Verdict.Warning, "the check runs without /etc/systemd/system/wasimoff-provider.service.d/net.conf"), (finding.Verdict, finding.Text));
    }

    /// <summary>As the example says it is to be installed; in the check's unit it would refuse the check of a drained node.</summary>
    [Theory]
    [InlineData("# as shipped\n[Service]\nExecCondition=+/usr/local/libexec/hookagent-in-service\n#Environment=SLURMD_NODENAME=node17\n", false)]
    [InlineData("[Service]\nExecCondition = +/opt/asks\nEnvironment=SLURMD_NODENAME=node17\n", false)]
    [InlineData("[Service]\nExecCondition=+/opt/asks\nNice=5\n", true)]
    [InlineData("[Service]\nEnvironment=SLURMD_NODENAME=node17\n", true)]
    [InlineData("[Service]\nExecConditions=1\n", true)]
    public void A_drop_in_for_the_ExecCondition_alone_is_the_provider_s(string text, bool isNamed)
    {
        const string path = "/etc/systemd/system/wasimoff-provider.service.d/asks.conf";
        _site.Write(path, text);
        Systemctl("path=/usr/libexec/hookagent/wasimoff-provider ;", $"DropInPaths={path}", forProvider: true);

        Assert.Equal(isNamed, Findings(_site.Facts()).Any(static finding => finding.Text.Contains("runs without", StringComparison.Ordinal)));
    }

    /// <summary>Where somebody has put it into the check's unit all the same, the node has no job that would explain it.</summary>
    [Theory]
    [InlineData("ConditionResult=no\nResult=success", "an ExecCondition= of wasimoff-provider-check.service refuses the check")]
    [InlineData("ConditionResult=yes\nResult=exec-condition", "an ExecCondition= of wasimoff-provider-check.service refuses the check")]
    [InlineData("ConditionResult=yes\nResult=exit-code", "the provider's check did not finish")]
    public void An_ExecCondition_of_the_check_is_named_as_what_refuses_it(string outcome, string text)
    {
        Says("journalctl", "");
        Systemctl("path=/usr/libexec/hookagent/wasimoff-provider ;", $"ExecCondition={{ path=/opt/a ; }}\nExecCondition={{ path=/opt/b ; }}\n{outcome}");

        Finding finding = Assert.Single(Findings(_site.Facts()));

        Assert.Equal((Verdict.Unseen, text), (finding.Verdict, finding.Text));
    }

    private string Calls => File.ReadAllText(_site.Real("/calls"));

    private Finding[] Findings(NodeFacts facts) =>
        [.. ProviderChecks.Of(facts with { ProviderCheckResult = new ProviderCheckUnit(_site.Real("/bin/systemctl"), _site.Real("/bin/journalctl")).Report(facts) })];

    private void Says(string program, string lines) => _site.Program($"/bin/{program}", $"#!/bin/sh\ncat <<'END'\n{lines}\nEND\n");

    private void Systemctl(string execStart, string more = "", bool forProvider = false) => _site.Program("/bin/systemctl", $$"""
        #!/bin/sh
        echo "$@" >>{{_site.Real("/calls")}}
        case $1 in
        show)
            echo LoadState=loaded
            echo 'ExecStart={ {{execStart}} }'
            case "{{forProvider}} $*" in "False "* | *wasimoff-provider.service) echo '{{more}}' ;; esac ;;
        start) exit 1 ;;
        esac

        """);
}
