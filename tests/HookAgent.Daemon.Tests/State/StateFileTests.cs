using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.State;

public sealed class StateFileTests : IDisposable
{
    private static readonly BootId s_boot = new(7);
    private static readonly BootId s_next = new(8);

    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_written_is_nothing_known() => Assert.Equal(PersistentState.Empty, File(s_boot).Load());

    [Theory]
    [InlineData(HoldKind.Operator, true, true)]
    [InlineData(HoldKind.Operator, false, true)]
    [InlineData(HoldKind.HandStopped, false, false)]
    public void Everything_comes_back_on_the_same_boot(HoldKind kind, bool persistent, bool ends)
    {
        PersistentState memory = new(
            Held(kind, persistent, ends ? TimeSpan.FromHours(1) : null),
            [Job("17"), Job("4294967293")]);
        File(s_boot).Save(memory);

        // Somebody sets the clock: within a boot it does not decide.
        _clock.Calendar += TimeSpan.FromDays(400);
        Assert.Equal(memory, File(s_boot).Load());
        Assert.Equal(["node.state"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Another_boot_keeps_a_persistent_hold_with_the_time_that_is_left()
    {
        File(s_boot).Save(new PersistentState(Held(HoldKind.Operator, true, TimeSpan.FromHours(1)), [Job("17")]));
        _clock.Calendar += TimeSpan.FromMinutes(20);
        _clock.Boot = new BootTime(5_000_000);
        PersistentState read = File(s_next).Load();
        Assert.Equal(new BootTime(5_000_000) + TimeSpan.FromMinutes(40), read.Hold!.Until);
        Assert.Equal(("root", "disk swap = soon", true), (read.Hold.By, read.Hold.Text, read.Hold.Persistent));
        Assert.Empty(read.Unrecorded);
    }

    [Theory]
    [InlineData(HoldKind.Operator)]
    [InlineData(HoldKind.HandStopped)]
    public void Another_boot_drops_any_other_hold(HoldKind kind)
    {
        File(s_boot).Save(new PersistentState(Held(kind, false, null), []));
        Assert.Equal(PersistentState.Empty, File(s_next).Load());
    }

    [Theory]
    [InlineData("HOLD_UNTIL_USEC=9223372036854775807")]
    [InlineData("HOLD_UNTIL_USEC=-9223372036854775808")]
    [InlineData("HOLD_UNTIL_USEC=soon")]
    public void A_hold_whose_end_is_damaged_has_no_end(string line)
    {
        Write("HOLD=operator", line, "HOLD_UNTIL_BOOTTIME_USEC=12");
        Assert.Equal(new Hold(HoldKind.Operator, "", "", null, null, false), File(s_boot).Load().Hold);
    }

    [Fact]
    public void A_word_of_a_later_version_still_holds()
    {
        Write("HOLD=by-the-moon", "LATER=x");
        Assert.Equal(HoldKind.Operator, File(s_boot).Load().Hold!.Kind);
    }

    /// <summary>A soft-reboot keeps the boot id; tmpfiles makes the directory's proof anew.</summary>
    [Theory]
    [InlineData("7:1", "7:2", false)]
    [InlineData(null, "7:2", false)]
    [InlineData("7:1", "7:1", true)]
    [InlineData("7:1", null, true)]
    [InlineData(null, null, true)]
    public void A_proof_made_anew_is_another_boot(string? before, string? now, bool isSameBoot)
    {
        PersistentState memory = new(Held(HoldKind.Operator, false, null), [Job("17")]) { Witnessed = [Job("17")] };
        File(s_boot, Proof(before)).Save(memory);
        Assert.Equal(isSameBoot ? memory : PersistentState.Empty, File(s_boot, Proof(now)).Load());
    }

    [Fact]
    public void A_file_of_before_that_names_no_proof_is_of_this_boot()
    {
        Write("DIRECTORY_DEVICE=25", "DIRECTORY_INODE=1", "UNRECORDED=17");
        Assert.Equal([Job("17")], File(s_boot, Proof("7:1")).Load().Unrecorded);
    }

    private static RecordIdentity? Proof(string? text) => RecordIdentity.TryParse(text, out RecordIdentity identity) ? identity : null;

    [Fact]
    public void Damaged_lines_are_as_good_as_missing()
    {
        Write("", "=", "UNRECORDED=17 x ../18  19 0", "\0\0\0");
        PersistentState read = File(s_boot).Load();
        Assert.Equal([Job("17"), Job("19")], read.Unrecorded);
        Assert.Null(read.Hold);
    }

    private static JobId Job(string text) => JobId.TryParse(text, out JobId job) ? job : throw new ArgumentException(text);

    private StateFile File(BootId boot, RecordIdentity? proof = null) => new(_folder["node.state"], boot, proof, _clock);

    private void Write(params string[] lines) =>
        System.IO.File.WriteAllText(_folder["node.state"], string.Join('\n', lines.Prepend($"BOOT_ID={s_boot}")));

    private Hold Held(HoldKind kind, bool persistent, TimeSpan? span) =>
        new(kind, "root", "disk swap = soon", BootTime.Now(_clock) + span, _clock.Calendar + span, persistent) { Since = _clock.Calendar };
}
