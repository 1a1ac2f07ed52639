using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Tests.Harness;
using Xunit.Abstractions;

namespace HookAgent.Daemon.Tests.State;

/// <summary>Whatever became of the agent's own file: it starts, and lends no node on it.</summary>
public sealed class StateFileFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] s_files =
    [
        "BOOT_ID=00000000000000000000000000000007\nDIRECTORY_DEVICE=1\nDIRECTORY_INODE=2\nUNRECORDED=17 18\n"u8.ToArray(),
        "BOOT_ID=00000000000000000000000000000007\nHOLD=operator\nHOLD_BY=operator\nHOLD_TEXT=disk swap\nHOLD_PERSISTENT=yes\nHOLD_UNTIL_BOOTTIME_USEC=9000000000\nHOLD_UNTIL_USEC=1790000000000000\n"u8.ToArray(),
        "HOLD=hand-stopped\nHOLD_PERSISTENT=no\n"u8.ToArray(),
        [],
    ];

    [Fact]
    public void A_damaged_memory_is_read_and_written_again()
    {
        using TemporaryFolder folder = new();
        SetTime clock = new();
        BootId boot = new(7);
        Fuzz.Run(output, 2, mutator =>
        {
            byte[] text = mutator.Mutate(s_files);
            File.WriteAllBytes(folder["node.state"], text);
            StateFile file = new(folder["node.state"], boot, null, clock);
            PersistentState memory = Fuzz.Within(8 << 20, file.Load);
            NodeModel model = NodeMachine.Begin(new NodeSettings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.Zero, false), memory, 1, BootTime.Now(clock));
            (model, var effects) = NodeMachine.Step(model, new TimePassed(), BootTime.Now(clock));
            Assert.DoesNotContain(effects, effect => effect is StartUnit);

            file.Save(memory);
            PersistentState again = file.Load();
            Assert.Equal(memory.Unrecorded, again.Unrecorded);
            Assert.Equal(memory.Hold?.Kind, again.Hold?.Kind);
            Assert.Equal(memory.Hold?.Persistent, again.Hold?.Persistent);
        });
    }
}
