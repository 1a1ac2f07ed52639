using HookAgent.Core.Linux;
using HookAgent.Daemon.Tests.Harness;
using HookAgent.Daemon.Units;

namespace HookAgent.Daemon.Tests.Units;

/// <summary>With real processes in control groups that are folders of the test's own.</summary>
public sealed class KilledProcessesTests : IDisposable
{
    private const string Group = "/hookagent.slice/a.service";

    private readonly TemporaryFolder _root = new();
    private readonly KilledProcesses _killed;
    private readonly KernelKills _kernelKills;
    private readonly List<string> _heardOf = [];

    public KilledProcessesTests()
    {
        File.WriteAllText(_root["cgroup.controllers"], "memory\n");
        ControlGroups groups = new(_root.Path);
        _killed = new KilledProcesses(groups, "/proc", TimeProvider.System);
        _kernelKills = new KernelKills(groups, _heardOf.Add);
    }

    public void Dispose()
    {
        _kernelKills.Dispose();
        _killed.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void The_dying_are_hastened_by_a_thread_of_its_own()
    {
        using DyingProcess dying = new();
        Put("hookagent.slice/a.service", dying.Id);
        dying.Kill();
        _killed.Hasten(Group);
        dying.AssertIsHastened();
    }

    [Theory]
    [InlineData("hookagent.slice/a.service")]
    [InlineData("hookagent.slice/a.service/child")]
    public void The_dying_are_hastened_also_those_that_get_the_signal_late_and_the_others_are_let_be(string folder)
    {
        using DyingProcess dying = new();
        using DyingProcess late = new();
        using DyingProcess living = new();
        Put(folder, living.Id, int.MaxValue, late.Id, dying.Id);
        dying.Kill();
        Assert.False(dying.IsHastened);
        _killed.Look(Group);
        Assert.True(dying.IsHastened);
        Assert.False(late.IsHastened);
        late.Kill();
        _killed.Look(Group);
        Assert.True(late.IsHastened);
        Assert.False(living.IsHastened);
    }

    /// <summary>As groups of threads answer (EOPNOTSUPP), and those that go meanwhile.</summary>
    [Fact]
    public void A_group_that_cannot_be_read_hides_no_other()
    {
        using DyingProcess dying = new();
        Directory.CreateDirectory(_root["hookagent.slice/a.service/a/cgroup.procs"]);
        Put("hookagent.slice/a.service/b", dying.Id);
        dying.Kill();
        _killed.Look(Group);
        Assert.True(dying.IsHastened);
    }

    /// <summary>As from Linux 6.19 on: of those that end, the group does not name any, and may be empty.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Those_that_were_there_before_the_kill_are_hastened_also_when_the_group_does_not_name_them_any_more(bool remembered)
    {
        using DyingProcess dying = new();
        string group = File.ReadLines($"/proc/{dying.Id}/cgroup").Last().Split(':', 3)[2];
        Put($".{group}", dying.Id);
        if (remembered)
        {
            _killed.Remember(group);
        }

        Put($".{group}");
        dying.Kill();
        _killed.Look(group);
        Assert.Equal(remembered, dying.IsHastened);
    }

    [Fact]
    public void A_group_that_is_forgotten_is_known_by_what_it_names_alone()
    {
        using DyingProcess dying = new();
        string group = File.ReadLines($"/proc/{dying.Id}/cgroup").Last().Split(':', 3)[2];
        Put($".{group}", dying.Id);
        _killed.Remember(group);
        _killed.Forget(group);
        Put($".{group}");
        dying.Kill();
        _killed.Look(group);
        Assert.False(dying.IsHastened);
    }

    [Fact]
    public void An_id_that_is_anothers_by_now_is_let_be()
    {
        using DyingProcess elsewhere = new();
        Put("hookagent.slice/a.service", elsewhere.Id);
        _killed.Remember(Group);
        Put("hookagent.slice/a.service");
        elsewhere.Kill();
        _killed.Look(Group);
        Assert.False(elsewhere.IsHastened);
    }

    [Fact]
    public void Groups_of_version_1_are_found_in_systemds_hierarchy()
    {
        File.Delete(_root["cgroup.controllers"]);
        using DyingProcess dying = new();
        Put("systemd/hookagent.slice/a.service", dying.Id);
        dying.Kill();
        _kernelKills.Watch(Group);
        _kernelKills.Heeded = true;
        Assert.False(Hears());
        _killed.Look(Group);
        Assert.True(dying.IsHastened);
    }

    [Fact]
    public void What_the_kernel_kills_is_heard_of_while_it_is_heeded_until_the_group_is_forgotten()
    {
        Put("hookagent.slice/a.service");
        _kernelKills.Watch(Group);
        Happens(kills: 0);
        Assert.False(Hears());
        _kernelKills.Heeded = true;
        Assert.True(Hears());
        _kernelKills.Heard();
        Assert.False(Hears());
        Assert.Empty(_heardOf);
        Happens(kills: 1);

        // Watched once more, nothing is missed.
        _kernelKills.Watch(Group);
        Assert.True(Hears());
        _kernelKills.Heard();
        Assert.Equal([Group], _heardOf);

        Happens(kills: 2);
        _kernelKills.Forget();
        Assert.False(Hears());
        Happens(kills: 3);
        Assert.False(Hears());
        _kernelKills.Watch(Group);
        Happens(kills: 4);
        Assert.True(Hears());
    }

    [Fact]
    public void A_group_that_was_made_anew_by_the_same_name_is_watched_again()
    {
        Put("hookagent.slice/a.service");
        _kernelKills.Watch(Group);
        Directory.Delete(_root["hookagent.slice/a.service"], recursive: true);
        Put("hookagent.slice/a.service");
        _kernelKills.Heeded = true;
        _kernelKills.Heard();
        _kernelKills.Watch(Group);
        Happens(kills: 1);
        Assert.True(Hears());
        _kernelKills.Heard();
        Assert.Equal([Group], _heardOf);
    }

    [Fact]
    public void A_group_that_is_gone_has_nobody_to_hasten_and_is_not_heard_of()
    {
        _kernelKills.Heeded = true;
        _kernelKills.Watch(Group);
        _killed.Hasten(Group);
        Assert.False(Hears());

        // The next one is.
        Put("hookagent.slice/a.service");
        _kernelKills.Watch(Group);
        Directory.Delete(_root["hookagent.slice/a.service"], recursive: true);
        _kernelKills.Heard();
        _kernelKills.Forget();
        _killed.Forget(Group);
    }

    private void Put(string folder, params int[] processes)
    {
        Directory.CreateDirectory(_root[folder]);
        File.WriteAllLines(_root[$"{folder}/cgroup.procs"], processes.Select(static id => $"{id}"));
        File.WriteAllText(_root[$"{folder}/memory.events"], "oom_kill 0\n");
    }

    /// <summary>A group at its limit tells of that as often.</summary>
    private void Happens(int kills) => File.WriteAllText(_root["hookagent.slice/a.service/memory.events"], $"max 7\noom 1\noom_kill {kills}\noom_group_kill 0\n");

    private unsafe bool Hears()
    {
        PollEntry entry = PollEntry.ForReading(_kernelKills.Descriptor);
        return Libc.Poll(&entry, 1, 0) > 0;
    }
}
