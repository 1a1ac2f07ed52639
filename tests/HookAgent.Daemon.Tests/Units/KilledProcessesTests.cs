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

    public KilledProcessesTests()
    {
        File.WriteAllText(_root["cgroup.controllers"], "memory\n");
        _killed = new KilledProcesses(_root.Path, "/proc");
    }

    public void Dispose()
    {
        _killed.Dispose();
        _root.Dispose();
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
        _killed.Hasten(Group);
        dying.AssertIsHastened();
        Assert.False(late.IsHastened);
        late.Kill();
        late.AssertIsHastened();
        Assert.False(living.IsHastened);
    }

    [Fact]
    public void Groups_of_version_1_are_found_in_systemds_hierarchy()
    {
        File.Delete(_root["cgroup.controllers"]);
        using DyingProcess dying = new();
        Put("systemd/hookagent.slice/a.service", dying.Id);
        dying.Kill();
        _killed.Watch(Group);
        _killed.Heed();
        Assert.False(Hears());
        _killed.Hasten(Group);
        dying.AssertIsHastened();
    }

    [Fact]
    public void What_the_kernel_kills_is_heard_of_once_it_is_heeded_until_the_group_is_forgotten()
    {
        using DyingProcess dying = new();
        Put("hookagent.slice/a.service", dying.Id);
        _killed.Watch(Group);
        _killed.Watch(Group);
        Assert.False(Hears());
        dying.Kill();
        Happens(kills: 0);
        Assert.False(Hears());
        _killed.Heed();
        Assert.True(Hears());
        _killed.Heard();
        Assert.False(Hears());
        Assert.False(dying.IsHastened);
        Happens(kills: 1);
        Assert.True(Hears());
        _killed.Heard();
        dying.AssertIsHastened();

        _killed.Forget();
        _killed.Heard();
        Happens(kills: 2);
        Assert.False(Hears());
        _killed.Watch(Group);
        Happens(kills: 3);
        Assert.False(Hears());
        _killed.Heed();
        Assert.True(Hears());

        // A group at its limit tells of that as often.
        void Happens(int kills) => File.WriteAllText(_root["hookagent.slice/a.service/memory.events"], $"max 7\noom 1\noom_kill {kills}\noom_group_kill 0\n");
    }

    [Fact]
    public void A_group_that_is_gone_has_nobody_to_hasten_and_is_not_heard_of()
    {
        _killed.Watch(Group);
        _killed.Heed();
        _killed.Hasten(Group);
        Assert.False(Hears());

        // The next one is.
        Put("hookagent.slice/a.service");
        _killed.Watch(Group);
        Directory.Delete(_root["hookagent.slice/a.service"], recursive: true);
        _killed.Heard();
        _killed.Forget();
    }

    private void Put(string folder, params int[] processes)
    {
        Directory.CreateDirectory(_root[folder]);
        File.WriteAllLines(_root[$"{folder}/cgroup.procs"], processes.Select(static id => $"{id}"));
        File.WriteAllText(_root[$"{folder}/memory.events"], "oom_kill 0\n");
    }

    private unsafe bool Hears()
    {
        PollEntry entry = PollEntry.ForReading(_killed.Descriptor);
        return Libc.Poll(&entry, 1, 0) > 0;
    }
}
