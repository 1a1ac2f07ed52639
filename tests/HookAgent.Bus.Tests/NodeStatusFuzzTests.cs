using System.Net.Sockets;
using System.Text;
using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Xunit.Abstractions;

namespace HookAgent.Bus.Tests;

/// <summary>
/// Whatever answers hookctl's question for the properties, on a bus that checks nothing: the call comes to an end. One that
/// does not is the hang that <see cref="Fuzz"/> tells.
/// </summary>
public sealed class NodeStatusFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(50);

    private static readonly byte[][] s_bodies =
    [
        Properties(("State", "s", RawBus.Text("lending")), ("Reason", "s", RawBus.Text("running")), ("Jobs", "as", [0, 0, 0, 0])),
        Properties(("State", "s", RawBus.Text("busy")), ("Jobs", "as", [.. RawBus.Number(15), .. RawBus.Text("17"), 0, .. RawBus.Text("18")])),
        Properties(("Kills", "t", [9, 0, 0, 0, 0, 0, 0, 0]), ("Unit", "s", RawBus.Text("a.service")), ("Later", "u", RawBus.Number(7))),
        Properties(("State", "v", [1, (byte)'v', 0, 1, (byte)'s', 0, .. RawBus.Text("x")])),
        Properties(("Handovers", "a(tstt)", [.. RawBus.Number(0), .. RawBus.Number(0)]), ("HoldReason", "s", RawBus.Text(new string('x', 70_000)))),
        Properties(("Handovers", "a(tstt)", [.. RawBus.Number(40), .. RawBus.Number(0), .. new byte[8], .. RawBus.Text("177"), .. new byte[16]])),
        Properties(),
    ];

    [Fact]
    public void The_properties_are_read_or_the_call_fails()
    {
        RawBus? raw = null;
        try
        {
            Fuzz.Run(output, 4, mutator =>
            {
                RawBus bus = raw ??= new RawBus();
                byte[] body = mutator.Mutate(s_bodies);
                string signature = mutator.Pick(8) > 0 ? "a{sv}" : mutator.Pick((string[])["", "s", "as", "a{ss}", "v", "(sv)"]);
                NodeStatus? status = null;
                Task<NodeAnswer> asking = OwnThread.Run(() => new NodeProxy(bus.Connection, s_timeout).GetStatus(out status));
                byte[] reply = bus.Message(RawBus.MethodReturn, signature, body, replyTo: bus.ReadSerialOfNextMessage());
                bool framed = mutator.Pick(4) > 0;
                byte[] sent = framed ? reply : mutator.Mutate([reply]);
                Task<bool> sending = OwnThread.Run(() =>
                {
                    bus.Send(sent);
                    return true;
                });
                NodeAnswer answer = asking.GetAwaiter().GetResult();

                Assert.True(Enum.IsDefined(answer.Outcome));
                Assert.Equal(answer.IsOk, status is not null);
                if (!answer.IsOk || !framed)
                {
                    // A message that is none, also one behind a good one, leaves the connection unusable.
                    bus.Dispose();
                    raw = null;
                }

                try
                {
                    sending.GetAwaiter().GetResult();
                }
                catch (Exception cut) when (raw is null && cut is SocketException or ObjectDisposedException)
                {
                    // A long message of which the caller read no more than its time allowed.
                }
            });
        }
        finally
        {
            raw?.Dispose();
        }
    }

    /// <summary>An "a{sv}", its values already laid out for where an 's', an 'as' or a 't' begins.</summary>
    private static byte[] Properties(params (string Name, string Signature, byte[] Value)[] properties)
    {
        List<byte> entries = [];
        foreach ((string name, string signature, byte[] value) in properties)
        {
            // The entries begin at byte 8 of the body, so that their own alignment is the body's.
            Align(entries, 8);
            entries.AddRange(RawBus.Text(name));
            entries.AddRange([(byte)signature.Length, .. Encoding.ASCII.GetBytes(signature), 0]);
            Align(entries, signature switch { "t" => 8, "v" => 1, _ => 4 });
            entries.AddRange(value);
        }

        return [.. RawBus.Number((uint)entries.Count), 0, 0, 0, 0, .. entries];
    }

    private static void Align(List<byte> bytes, int boundary)
    {
        while (bytes.Count % boundary != 0)
        {
            bytes.Add(0);
        }
    }
}
