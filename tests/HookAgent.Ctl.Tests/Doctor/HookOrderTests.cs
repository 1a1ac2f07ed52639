using HookAgent.Ctl.Doctor;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>The hook among a site's own scripts, which Slurm runs from z to a.</summary>
public sealed class HookOrderTests : IDisposable
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";

    private readonly HealthySite _site = new();

    public HookOrderTests()
    {
        _site.Slurm($"Prolog={Hook}", "Prolog=/etc/slurm/prolog.d/*");
        _site.Slurm($"Epilog={Hook}", "Epilog=epilog.d/*.sh");
        _site.Program("/etc/slurm/prolog.d/50-site", "#!/bin/sh\n");
        _site.Program("/etc/slurm/epilog.d/50-site.sh", "#!/bin/sh\n");
        _site.Program("/etc/slurm/epilog.d/99-other", "#!/bin/sh\n");
    }

    public void Dispose() => _site.Dispose();

    [Fact]
    public void The_links_of_the_documentation_are_right()
    {
        _site.Link("/etc/slurm/prolog.d/zz-hookagent", Hook);
        _site.Link("/etc/slurm/epilog.d/00-hookagent.sh", "../../../usr/libexec/hookagent/slurm-hook");

        Assert.Equal(Verdict.Ok, Find("prolog").Verdict);
        Assert.Contains("from z to a: zz-hookagent, 50-site", Find("prolog").Text, StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, Find("epilog").Verdict);
        Assert.Contains("from z to a: 50-site.sh, 00-hookagent.sh", Find("epilog").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrong_end_of_the_order_is_told_with_the_better_name()
    {
        _site.Link("/etc/slurm/prolog.d/00-hookagent", Hook);
        _site.Link("/etc/slurm/epilog.d/zz-hookagent.sh", Hook);

        Assert.Equal(Verdict.Warning, Find("prolog").Verdict);
        Assert.Equal("mv /etc/slurm/prolog.d/00-hookagent /etc/slurm/prolog.d/zz-hookagent", Find("prolog").Fix);
        Assert.Equal(Verdict.Warning, Find("epilog").Verdict);
    }

    [Fact]
    public void A_folder_without_the_hook_is_a_fault() => Assert.Equal(Verdict.Fault, Find("prolog").Verdict);

    [Fact]
    public void A_link_to_nowhere_drains_the_node()
    {
        _site.Link("/etc/slurm/prolog.d/zz-hookagent", "/usr/libexec/hookagent/none");

        Assert.Equal(Verdict.Fault, Find("prolog").Verdict);
        Assert.Contains("/etc/slurm/prolog.d/zz-hookagent of ", Find("prolog").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\n/usr/libexec/hookagent/slurm-hook prolog || true\n", nameof(Verdict.Ok))]
    [InlineData("#!/bin/sh\n# /usr/libexec/hookagent/slurm-hook prolog\n", nameof(Verdict.Fault))]
    [InlineData("/usr/libexec/hookagent/slurm-hook", nameof(Verdict.Fault))]
    public void A_script_counts_if_it_calls_the_hook(string text, string verdict)
    {
        _site.Program("/etc/slurm/prolog.d/50-site", text);

        Assert.Equal(verdict, Find("prolog").Verdict.ToString());
    }

    private Finding Find(string check) =>
        Checkup.Of(_site.Facts()).SelectMany(group => group.Findings).Single(finding => finding.Check == check);
}
