using HookAgent.Core.Linux;
using HookAgent.Core.Time;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.Tests.Linux;

/// <summary>What the loop waits for, waited for as it does: with poll(2).</summary>
public sealed class LoopPartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LoopPartsTests() => Directory.CreateDirectory(_folder["jobs"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_timer_fires_at_its_moment_and_once()
    {
        using TimerFd timer = new();
        BootTime at = BootClock.Now() + TimeSpan.FromMilliseconds(50);
        timer.Arm(at);
        Assert.True(Wakes(timer.Descriptor, 10_000));
        Assert.True(BootClock.Now() >= at);
        timer.Drain();
        Assert.False(Wakes(timer.Descriptor));
        timer.Arm(at);
        Assert.True(Wakes(timer.Descriptor, 10_000), "a moment that is past fires at once, also when it was the last one");
    }

    [Fact]
    public void The_timer_can_be_disarmed_and_a_moment_before_the_boot_is_one_that_is_past()
    {
        using TimerFd timer = new();
        timer.Arm(new BootTime(-5));
        Assert.True(Wakes(timer.Descriptor, 10_000));
        timer.Arm(null);
        Assert.False(Wakes(timer.Descriptor));
    }

    [Fact]
    public void The_bell_rings_until_it_is_heard()
    {
        using EventFd bell = new();
        Assert.False(Wakes(bell.Descriptor));
        bell.Signal();
        bell.Signal();
        Assert.True(Wakes(bell.Descriptor));
        bell.Drain();
        Assert.False(Wakes(bell.Descriptor));
        bell.Drain();
    }

    [Fact]
    public void A_record_that_comes_or_goes_is_worth_a_look_and_one_in_the_making_is_not()
    {
        using InotifyWatcher watch = new(_folder["jobs"]);
        File.WriteAllText(_folder["jobs/.17"], "");
        Assert.False(watch.Drain());
        File.Move(_folder["jobs/.17"], _folder["jobs/17"]);
        AssertWakes(watch);
        File.Delete(_folder["jobs/17"]);
        AssertWakes(watch);
    }

    [Fact]
    public void A_directory_that_is_removed_and_made_anew_is_watched_again()
    {
        using InotifyWatcher watch = new(_folder["jobs"]);
        Directory.Delete(_folder["jobs"]);
        AssertWakes(watch);
        Directory.CreateDirectory(_folder["jobs"]);
        AssertWakes(watch);
        Put("17");
        AssertWakes(watch);
    }

    [Fact]
    public void A_directory_that_is_replaced_is_watched_in_place_of_the_old_one()
    {
        using InotifyWatcher watch = new(_folder["jobs"]);
        Directory.Move(_folder["jobs"], _folder["old"]);
        Directory.CreateDirectory(_folder["jobs"]);
        AssertWakes(watch);
        Put("17");
        AssertWakes(watch);
    }

    [Fact]
    public void A_directory_that_is_made_after_the_start_is_watched()
    {
        Directory.Delete(_folder["jobs"]);
        using InotifyWatcher watch = new(_folder["jobs"]);
        Directory.CreateDirectory(_folder["jobs"]);
        AssertWakes(watch);
        Put("17");
        AssertWakes(watch);
    }

    [Fact]
    public void More_than_one_buffer_of_events_is_drained()
    {
        using InotifyWatcher watch = new(_folder["jobs"]);
        for (int job = 1; job <= 500; job++)
        {
            Put($"{job}");
        }

        AssertWakes(watch);
    }

    private void Put(string job)
    {
        File.WriteAllText(_folder[$".{job}"], "");
        File.Move(_folder[$".{job}"], _folder[$"jobs/{job}"]);
    }

    private static void AssertWakes(InotifyWatcher watch)
    {
        Assert.True(Wakes(watch.Descriptor));
        watch.Drain();
        Assert.False(Wakes(watch.Descriptor));
    }

    private static unsafe bool Wakes(int descriptor, int milliseconds = 0)
    {
        PollEntry entry = new() { Descriptor = descriptor, Events = 1 };
        return Libc.Poll(&entry, 1, milliseconds) == 1;
    }
}
