using HookAgent.Bus.Systemd;
using HookAgent.Daemon.Units;

namespace HookAgent.Daemon.Tests.Units;

public sealed class RequiredUnitSetTests
{
    private readonly RequiredUnitSet _required = new("slurmd.service slurmd@*.service");

    [Fact]
    public void Without_any_required_unit_all_are_up() => Assert.True(new RequiredUnitSet(null).See([]));

    [Fact]
    public void A_pattern_wants_one_unit_at_least()
    {
        Assert.False(_required.See([Row("slurmd.service")]));
        Find("slurmd@a.service");
        Assert.True(_required.See([Row("slurmd.service"), Row("slurmd@a.service")]));
    }

    [Fact]
    public void All_must_be_up()
    {
        Find("slurmd@a.service", "slurmd@b.service");
        Assert.Equal(["slurmd.service", "slurmd@a.service", "slurmd@b.service"], _required.Names);
        Assert.True(See("active", "active", "active"));
        Assert.False(See("inactive", "active", "active"));
        Assert.False(See("active", "inactive", "active"));
        Assert.False(See("active", "active", "failed"));

        bool See(params string[] states) => _required.See([.. _required.Names.Select((name, i) => Row(name, states[i]))]);
    }

    [Fact]
    public void A_restart_is_up_all_the_way_and_a_start_only_once_it_is_done()
    {
        RequiredUnitSet one = new("slurmd.service");
        Assert.False(See("inactive", "start"));
        Assert.False(See("activating", "start"));
        Assert.True(See("active", ""));
        Assert.True(See("deactivating", "restart"));
        Assert.True(See("inactive", "start"));
        Assert.True(See("activating", "start"));
        Assert.True(See("active", ""));
        Assert.False(See("inactive", ""));
        Assert.False(See("inactive", "start"));

        bool See(string active, string job) => one.See([Row("slurmd.service", active) with { JobType = job }]);
    }

    [Fact]
    public void A_unit_found_stays_required_when_it_is_stopped_and_goes_with_its_file()
    {
        Assert.Equal(["slurmd@a.service", "slurmd@b.service"], Find("slurmd@a.service", "slurmd@b.service"));
        Assert.Empty(Find("slurmd@a.service"));
        Assert.False(_required.See([Row("slurmd.service"), Row("slurmd@a.service"), Row("slurmd@b.service", "inactive")]));
        Assert.True(_required.See([Row("slurmd.service"), Row("slurmd@a.service"), Row("slurmd@b.service", "inactive", "not-found")]));
        Assert.Equal(["slurmd.service", "slurmd@a.service"], _required.Names);
    }

    [Fact]
    public void What_is_found_while_the_units_are_read_is_asked_for_next()
    {
        Find("slurmd@a.service");
        Find("slurmd@b.service");
        Assert.True(_required.See([Row("slurmd.service"), Row("slurmd@a.service")]));
        Assert.Equal(["slurmd.service", "slurmd@a.service", "slurmd@b.service"], _required.Names);
    }

    [Fact]
    public void Neither_what_is_lent_nor_what_there_is_not_is_found() =>
        Assert.Empty(_required.Find([Row("slurmd@lent.service"), Row("slurmd@gone.service", "inactive", "not-found")], "slurmd@lent.service"));

    [Fact]
    public void An_alias_is_known_by_both_names()
    {
        _required.See([Row("compute.service")]);
        Assert.True(_required.Contains("compute.service"));
        Assert.True(_required.Contains("slurmd.service"));
        Assert.False(_required.Contains("other.service"));
    }

    private string[] Find(params string[] names) => _required.Find(names.Select(name => Row(name)), "lent.service");

    private static UnitListEntry Row(string name, string active = "active", string load = "loaded") => new(name, load, active, "", "/", 0, "", "/");
}
