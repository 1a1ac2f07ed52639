using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Adopt;

namespace HookAgent.Ctl.Tests.Adopt;

public sealed class AdoptDropInTests
{
    private static readonly UnitLink s_wanted = new("/etc/systemd/system/multi-user.target.wants/site.service", "/lib/systemd/system/site.service");
    private static readonly UnitLink s_alias = new("/etc/systemd/system/other.service", "/lib/systemd/system/site.service");

    /// <summary>Each line, because each undoes something that would have it run beside a job, or be started again.</summary>
    [Theory]
    [InlineData("BindsTo=hookagentd.service")]
    [InlineData("After=hookagentd.service")]
    [InlineData("ConditionPathExists=/run/hookagent/permit/%n")]
    [InlineData("ConditionPathIsDirectory=/run/hookagent/jobs")]
    [InlineData("ConditionDirectoryNotEmpty=!/run/hookagent/jobs")]
    [InlineData("IgnoreOnIsolate=yes")]
    [InlineData("StopWhenUnneeded=no")]
    [InlineData("StartLimitIntervalSec=0")]
    [InlineData("FailureAction=none")]
    [InlineData("Restart=no")]
    [InlineData("RestartForceExitStatus=")]
    [InlineData("ExecStop=")]
    [InlineData("ExecStopPost=")]
    [InlineData("KillMode=control-group")]
    [InlineData("SendSIGKILL=yes")]
    [InlineData("TimeoutStopSec=34s")]
    [InlineData("Slice=hookagent.slice")]
    [InlineData("CPUWeight=1")]
    [InlineData("CPUWeight=idle")]
    [InlineData("MemoryMax=25%")]
    [InlineData("OOMScoreAdjust=1000")]
    [InlineData("ProtectKernelTunables=yes")]
    public void It_has_what_a_lent_unit_needs(string line) =>
        Assert.Contains(line, Text(AgentSettings.Defaults with { StopGrace = TimeSpan.FromSeconds(30) }).Split('\n'));

    [Fact]
    public void What_undo_puts_back_is_in_it()
    {
        string text = Text(AgentSettings.Defaults, links: [s_wanted, s_alias]);

        Assert.True(AdoptDropIn.IsOurs(text));
        Assert.Equal([s_wanted, s_alias], AdoptDropIn.LinksOf(text));
        Assert.Empty(AdoptDropIn.LinksOf(Text(AgentSettings.Defaults)));
    }

    /// <summary>Adopted again after somebody has enabled it anew: what was noted first counts.</summary>
    [Fact]
    public void What_an_earlier_one_has_noted_stays()
    {
        string first = Text(AgentSettings.Defaults, links: [s_wanted]);
        string second = Text(AgentSettings.Defaults, dropIn: first, links: [s_wanted with { Target = "/elsewhere/site.service" }, s_alias]);

        Assert.Equal([s_wanted, s_alias], AdoptDropIn.LinksOf(second));
        Assert.Equal(first, Text(AgentSettings.Defaults, dropIn: first));
    }

    [Theory]
    [InlineData(UnitSettings.NoLimit, false, true)]
    [InlineData(1UL << 30, false, false)]
    [InlineData(1UL << 30, true, true)] // It is the drop-in's own.
    public void A_limit_of_the_units_own_is_not_raised(ulong limit, bool isAdopted, bool isWritten)
    {
        string? earlier = isAdopted ? Text(AgentSettings.Defaults) : null;

        Assert.Equal(isWritten, Text(AgentSettings.Defaults, earlier, unit: new UnitSettings { MemoryMax = limit }).Contains("\nMemoryMax=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/etc/shadow -> /dev/null")]
    [InlineData("/etc/systemd/system/../../shadow -> /dev/null")]
    [InlineData("/etc/systemd/system/x.service -> ")]
    [InlineData("/etc/systemd/system/x.service")]
    public void A_line_that_is_no_link_of_systemds_is_passed_over(string line) => Assert.Null(UnitLink.Parse(line));

    private static string Text(AgentSettings set, string? dropIn = null, UnitLink[]? links = null, UnitSettings? unit = null) =>
        AdoptDropIn.Of(new AdoptFacts { Name = "site.service", Unit = unit ?? new UnitSettings(), Set = set, DropIn = dropIn, Links = links ?? [] });
}
