using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

/// <summary>Anybody may send anything; what is malformed reads as false, and nothing is read twice or for ever.</summary>
public sealed class HostileMessageTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    public static TheoryData<string, byte[]> MalformedBodies => new()
    {
        { "s", RawBus.Number(1000) },
        { "s", [.. RawBus.Number(uint.MaxValue), 0] },
        { "s", [.. RawBus.Number(2), 0xC3, 0x28, 0] },
        { "s", [.. RawBus.Number(3), (byte)'a', 0, (byte)'b', 0] },
        { "s", [.. RawBus.Number(1), (byte)'a', (byte)'b'] },
        { "s", [] },
        { "o", RawBus.Text("no/path") },
        { "u", [1, 2] },
        { "t", RawBus.Number(1) },
        { "as", [.. RawBus.Number(1000), .. RawBus.Text("x")] },
        { "as", [.. RawBus.Number(uint.MaxValue)] },
        { "as", [.. RawBus.Number(9), .. RawBus.Number(1000), .. "abcde"u8.ToArray()] },
        { "a{sv}", [.. RawBus.Number(0xFFFF), .. RawBus.Number(0)] },
        { "a{sv}", [.. RawBus.Number(9), .. RawBus.Number(0), .. RawBus.Text("k"), 9, 9] },
        { "v", [3, (byte)'s', (byte)'s', (byte)'s', 0] },
        { "v", [1, (byte)'(', 0] },
        { "v", [200, (byte)'s', 0] },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public void A_malformed_body_is_read_as_nothing(string signature, byte[] body)
    {
        using RawBus raw = new();
        List<bool> read = [];
        raw.Connection.AddObject("/x", call =>
        {
            read.Add(call.Signature switch
            {
                "s" => call.TryReadString(out _),
                "o" => call.TryReadObjectPath(out _),
                "u" => call.TryReadUInt32(out _),
                "t" => call.TryReadUInt64(out _),
                "as" => call.TryReadStringArray(out _),
                "a{sv}" => call.TryReadProperties((_, value) => value.TryReadVariantString(out string? _)),
                "v" => call.TryReadVariantString(out _) || call.TrySkip("v"),
                _ => true,
            });
            return true;
        });
        raw.Send(raw.Call(signature, body));
        raw.Send(raw.Call("", []));

        // The good call behind it arrives: sd-bus dropped the bad one whole, or handed it over to be judged.
        PollLoop.Until(() => read is [.., true], raw.Connection);
        Assert.True(read is [true] or [false, true], string.Join(' ', read));
    }

    [Fact]
    public void Well_formed_bodies_of_that_make_are_read()
    {
        using RawBus raw = new();
        bool? read = null;
        raw.Connection.AddObject("/x", call =>
        {
            read = call.TryReadString(out string? text) && text == "ok";
            return true;
        });
        raw.Send(raw.Call("s", RawBus.Text("ok")));
        PollLoop.Until(() => read is not null, raw.Connection);
        Assert.True(read);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: bus\r\n\r\n")]
    [InlineData("l\u0001\0\u0001\u007f\u007f\u007f\u007fffffgggg")]
    public void A_bus_that_talks_nonsense_is_lost_and_its_calls_are_answered(string nonsense)
    {
        using RawBus raw = new();
        List<BusOutcome> answers = [];
        using BusMessage call = raw.Connection.NewCall("test.raw", "/", "test.Raw", "M");
        raw.Connection.CallAsync(call, Timeout.InfiniteTimeSpan, reply => answers.Add(reply.Outcome));
        raw.Send(System.Text.Encoding.Latin1.GetBytes(nonsense));
        PollLoop.UntilLost(raw.Connection);
        Assert.Equal([BusOutcome.Disconnected], answers);
    }

    [Fact]
    public void A_reply_to_no_call_of_ours_is_dropped()
    {
        using RawBus raw = new();
        List<BusOutcome> answers = [];
        using BusMessage call = raw.Connection.NewCall("test.raw", "/", "test.Raw", "M");
        raw.Connection.CallAsync(call, Timeout.InfiniteTimeSpan, reply => answers.Add(reply.Outcome));
        bool reached = false;
        raw.Connection.AddObject("/x", _ => reached = true);
        raw.Send(raw.Message(RawBus.MethodReturn, "", [], replyTo: 4711));
        raw.Send(raw.Message(RawBus.Error, "s", RawBus.Text("x"), replyTo: 4712));
        raw.Send(raw.Call("", []));
        PollLoop.Until(() => reached, raw.Connection);
        Assert.Empty(answers);
    }

    [Fact]
    public void Wrong_signatures_and_deep_nesting_reach_the_handler_as_what_they_are()
    {
        using Peer peer = new(daemon, "test.hostile");
        using BusConnection bus = daemon.Open();
        List<string> seen = [];
        bus.AddObject("/hostile", call =>
        {
            bool one = call.Signature == "s" && call.TryReadString(out _);
            bool skipped = call.AtEnd || call.TrySkip(call.Signature);
            seen.Add($"{call.Signature} {one} {skipped}");
            return bus.ReplyErrorTo(call, BusErrorNames.InvalidArgs, "takes one string");
        });
        string target = $"{bus.UniqueName} /hostile test.H Take";
        string deep = string.Concat(Enumerable.Repeat("[", 32)) + "1" + string.Concat(Enumerable.Repeat("]", 32));
        string[] calls =
        [
            "s ('fine',)", "- ()", "u (1,)", "ss ('a','b')", "as ([],)", "a{sv} ({},)", "aas ([[],[]],)",
            $"{new string('a', 32)}i ({deep},)", "v ('x',)",
        ];
        foreach (string call in calls)
        {
            peer.Tell($"call {target} {call}");
        }

        PollLoop.Until(() => seen.Count == calls.Length, bus);
        Assert.Equal(
            [
                "s True True", " False True", "u False True", "ss False True", "as False True", "a{sv} False True",
                "aas False True", $"{new string('a', 32)}i False True", "v False True",
            ],
            seen);
    }
}
