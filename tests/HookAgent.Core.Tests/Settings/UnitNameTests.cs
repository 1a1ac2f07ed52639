using HookAgent.Core.Settings;

namespace HookAgent.Core.Tests.Settings;

public sealed class UnitNameTests
{
    [Theory]
    [InlineData("a.service")]
    [InlineData("wasimoff-provider.service")]
    [InlineData("provider@4.service")]
    [InlineData("a@b@c.service")]
    [InlineData("a:b_c\\x2d.d.service")]
    public void Takes_what_systemd_can_start(string name) => Assert.True(UnitName.IsService(name));

    [Theory]
    [InlineData("")]
    [InlineData("slurmd")]
    [InlineData(".service")]
    [InlineData("slurmd.Service")]
    [InlineData("slurmd.socket")]
    [InlineData("slurmd.service.d")]
    [InlineData("@x.service")]
    [InlineData("template@.service")]
    [InlineData("a b.service")]
    [InlineData("a.service b.service")]
    [InlineData("../a.service")]
    [InlineData("/etc/a.service")]
    [InlineData("ä.service")]
    [InlineData("a%i.service")]
    [InlineData("a\n.service")]
    [InlineData("'a.service'")]
    public void Refuses_what_it_would_not(string name) => Assert.False(UnitName.IsService(name));

    [Theory]
    [InlineData("slurmd*.service")]
    [InlineData("slurmd@*.service")]
    [InlineData("slurmd@?.service")]
    [InlineData("*slurmd.service")]
    public void Takes_a_pattern_of_services(string name)
    {
        Assert.True(UnitName.IsPattern(name));
        Assert.False(UnitName.IsService(name));
    }

    [Theory]
    [InlineData("slurmd.service")]
    [InlineData("*.service")]
    [InlineData("*@?.service")]
    [InlineData("slurmd*")]
    [InlineData("slurmd[12].service")]
    [InlineData("slurmd *.service")]
    public void Refuses_a_pattern_that_is_none_or_of_everything(string name) => Assert.False(UnitName.IsPattern(name));

    [Theory]
    [InlineData("slurmd.service", "slurmd.service", true)]
    [InlineData("slurmd.service", "slurmd.servicex", false)]
    [InlineData("slurmd@*.service", "slurmd@a.service", true)]
    [InlineData("slurmd@*.service", "slurmd@.service", true)]
    [InlineData("slurmd@*.service", "slurmd.service", false)]
    [InlineData("slurmd@?.service", "slurmd@ab.service", false)]
    [InlineData("slurmd?.service", "slurmd1.service", true)]
    [InlineData("*d*d*.service", "slurmd-dd.service", true)]
    [InlineData("*a*b.service", "ab-ab.service", true)]
    [InlineData("*a*b.service", "ab-a.service", false)]
    [InlineData(@"*\x2da.service", @"slurmd\x2da.service", true)]
    [InlineData(@"slurmd\x2d*.service", @"slurmd\x2da.service", true)]
    [InlineData(@"slurmd\*.service", "slurmd*.service", false)]
    [InlineData("a*", "a", true)]
    [InlineData("a?", "a", false)]
    public void Matches_as_fnmatch_does(string pattern, string name, bool matches) => Assert.Equal(matches, UnitName.Matches(pattern, name));

    [Fact]
    public void Counts_the_suffix_into_the_longest_name()
    {
        Assert.True(UnitName.IsService($"{new string('a', 247)}.service"));
        Assert.False(UnitName.IsService($"{new string('a', 248)}.service"));
    }
}
