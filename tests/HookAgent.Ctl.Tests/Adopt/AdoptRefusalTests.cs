using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Adopt;

namespace HookAgent.Ctl.Tests.Adopt;

/// <summary>The units that no drop-in makes safe to lend: each is refused with its reason, and nothing but it.</summary>
public sealed class AdoptRefusalTests
{
    private const string Name = "site.service";
    private static readonly UnitLink s_wanted = new("/etc/systemd/system/multi-user.target.wants/site.service", "/lib/systemd/system/site.service");

    private static UnitSettings Plain => new()
    {
        Id = Name,
        LoadState = "loaded",
        FragmentPath = "/lib/systemd/system/site.service",
        UnitFileState = "enabled",
        Type = "simple",
        RemainsAfterExit = false,
        RefusesStart = false,
        RefusesStop = false,
        Before = ["multi-user.target", "shutdown.target"],
        Conflicts = ["shutdown.target"],
        StoppedWith = [],
    };

    [Fact]
    public void A_plain_service_is_not_refused() => Assert.Null(Refusal(Plain));

    [Fact]
    public void A_systemd_that_does_not_answer() => Assert.Contains("systemd does not answer", Refusal(null), StringComparison.Ordinal);

    public static TheoryData<string, UnitSettings> Units => new()
    {
        { "there is no site.service", Plain with { LoadState = "not-found" } },
        { "is masked", Plain with { LoadState = "masked" } },
        { "systemd cannot use site.service (bad-setting)", Plain with { LoadState = "bad-setting" } },
        { "is another name of other.service", Plain with { Id = "other.service" } },
        { "has no unit file that lasts", Plain with { FragmentPath = "" } },
        { "has no unit file that lasts", Plain with { FragmentPath = "/run/systemd/generator.late/site.service" } },
        { "is enabled-runtime", Plain with { UnitFileState = "enabled-runtime" } },
        { "is Type=oneshot", Plain with { Type = "oneshot" } },
        { "has RemainAfterExit=yes", Plain with { RemainsAfterExit = true } },
        { "has RefuseManualStart=yes", Plain with { RefusesStart = true } },
        { "has RefuseManualStop=yes", Plain with { RefusesStop = true } },
        { "site.timer starts site.service", Plain with { TriggeredBy = ["site.timer"] } },
        { "keeper.service has Upholds=site.service", Plain with { UpheldBy = ["keeper.service"] } },
        { "web.service needs site.service", Plain with { StoppedWith = ["web.service"] } },
        { "has Before=basic.target", Plain with { Before = ["basic.target"] } },
        { "has Before=hookagentd.service", Plain with { Before = ["hookagentd.service"] } },
        { "has Conflicts=slurmd.service", Plain with { Conflicts = ["slurmd.service"] } },
        { "has Conflicts=hookagentd.service", Plain with { Conflicts = ["hookagentd.service"] } },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public void A_unit_that_is_not_safe_whatever_a_drop_in_says(string why, UnitSettings unit) =>
        Assert.Contains(why, Refusal(unit), StringComparison.Ordinal);

    [Theory]
    [InlineData("hookagentd.service")]
    [InlineData("slurmd.service")]
    [InlineData("dbus.service")]
    public void What_lending_itself_needs(string name) => Assert.Contains(
        "is what lending the node needs",
        AdoptRefusal.Of(new AdoptFacts { Name = name, Unit = Plain with { Id = name }, Set = AgentSettings.Defaults }),
        StringComparison.Ordinal);

    [Fact]
    public void A_unit_file_that_is_a_link_elsewhere() => Assert.Contains(
        "is a link to a file elsewhere",
        AdoptRefusal.Of(new AdoptFacts { Name = Name, Unit = Plain, Set = AgentSettings.Defaults, IsLinked = true }),
        StringComparison.Ordinal);

    [Fact]
    public void A_drop_in_of_somebody_else_in_the_place_of_ours() => Assert.Contains(
        "is not of hookctl's making",
        AdoptRefusal.Of(new AdoptFacts { Name = Name, Unit = Plain, Set = AgentSettings.Defaults, DropIn = "[Unit]\n" }),
        StringComparison.Ordinal);

    /// <summary>A target that requires it by a link that goes with the adoption stops no more with it.</summary>
    [Fact]
    public void A_target_that_requires_it_by_a_link()
    {
        UnitLink link = s_wanted with { Path = "/etc/systemd/system/multi-user.target.requires/site.service" };

        Assert.Null(AdoptRefusal.Of(new AdoptFacts { Name = Name, Unit = Plain with { StoppedWith = ["multi-user.target"] }, Set = AgentSettings.Defaults, Links = [link] }));
    }

    private static string? Refusal(UnitSettings? unit) =>
        AdoptRefusal.Of(new AdoptFacts { Name = Name, Unit = unit, Set = AgentSettings.Defaults, Links = [s_wanted] });
}
