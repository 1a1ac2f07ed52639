using System.Text;
using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>
/// A bus passes on no message that is not what its signature says. Where something in its place does, it is an error of that
/// one message, or the end of the connection; never of the process.
/// </summary>
public sealed class HostileMessageTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    private static readonly BusCall s_call = new("test.raw", "/", "test.Raw", "M");

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
    public void A_malformed_call_comes_out_of_Process_and_the_next_one_arrives(string signature, byte[] body)
    {
        using RawBus raw = new();
        bool reached = false;
        raw.Connection.AddObject("/x", call =>
        {
            Read(call.Signature, call.GetBodyReader());
            reached |= call.Signature.Length == 0;
            return true;
        });
        raw.Send(raw.Call(signature, body));
        raw.Send(raw.Call("", []));

        ThrowsAtMostOnce(() => PollLoop.Until(() => reached, raw.Connection));
        Assert.True(raw.Connection.IsReady);
    }

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public void A_malformed_signal_comes_out_of_Process_and_the_next_one_is_heard(string signature, byte[] body)
    {
        using RawBus raw = new();
        bool reached = false;
        raw.Connection.MatchSignalAsync(new SignalMatch { Member = "M", Argument = "x" }, _ => { });
        raw.Connection.MatchSignalAsync(new SignalMatch { Member = "M" }, signal =>
        {
            Read(signal.SignatureAsString, signal.GetBodyReader());
            reached |= signal.SignatureAsString.Length == 0;
        });
        raw.Send(raw.Message(RawBus.Signal, signature, body, replyTo: 0));
        raw.Send(raw.Message(RawBus.Signal, "", [], replyTo: 0));

        ThrowsAtMostOnce(() => PollLoop.Until(() => reached, raw.Connection));
        Assert.True(raw.Connection.IsReady);
    }

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public void A_malformed_reply_is_an_error_of_that_call_alone(string signature, byte[] body)
    {
        using RawBus raw = new();
        List<BusAnswer> answers = [];
        raw.Connection.CallAsync(s_call, Timeout.InfiniteTimeSpan, (Message reply, out bool value) =>
        {
            Read(reply.SignatureAsString, reply.GetBodyReader());
            return value = true;
        }, answer => answers.Add(answer.How));
        uint serial = raw.ReadSerialOfNextMessage();
        raw.Connection.CallAsync(s_call, Timeout.InfiniteTimeSpan, answers.Add);
        raw.Send(raw.Message(RawBus.MethodReturn, signature, body, replyTo: serial));
        raw.Send(raw.Message(RawBus.MethodReturn, "", [], replyTo: raw.ReadSerialOfNextMessage()));

        PollLoop.Until(() => answers.Count == 2, raw.Connection);
        Assert.Equal(BusAnswer.Success, answers[1]);
        Assert.True(answers[0].IsSuccess || answers[0].ErrorName == BusErrorNames.InconsistentMessage, $"{answers[0]}");
    }

    /// <summary>The library forgets such a call, and ends the connection.</summary>
    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public void A_malformed_error_answers_its_call_too(string signature, byte[] body)
    {
        using RawBus raw = new();
        List<BusAnswer> answers = [];
        raw.Connection.CallAsync(s_call, TimeSpan.FromSeconds(15), answers.Add);
        uint serial = raw.ReadSerialOfNextMessage();
        raw.Send(raw.Message(RawBus.Error, signature, body, replyTo: serial));
        PollLoop.Until(() => answers.Count == 1, raw.Connection);
        Assert.True(answers[0].Outcome is BusOutcome.Error or BusOutcome.Disconnected, $"{answers[0]}");
        Assert.Equal(answers[0].Outcome == BusOutcome.Error, raw.Connection.IsReady);
    }

    [Fact]
    public void Well_formed_bodies_of_that_make_are_read()
    {
        using RawBus raw = new();
        string? read = null;
        raw.Connection.AddObject("/x", call =>
        {
            read = call.GetBodyReader().ReadString();
            return true;
        });
        raw.Send(raw.Call("s", RawBus.Text("ok")));
        PollLoop.Until(() => read is not null, raw.Connection);
        Assert.Equal("ok", read);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: bus\r\n\r\n")]
    [InlineData("l\u0001\0\u0001\u007f\u007f\u007f\u007fffffgggg")]
    public void A_bus_that_talks_nonsense_is_lost_and_its_calls_are_answered(string nonsense)
    {
        using RawBus raw = new();
        List<BusOutcome> answers = [];
        raw.Connection.CallAsync(s_call, Timeout.InfiniteTimeSpan, answer => answers.Add(answer.Outcome));
        raw.Send(Encoding.Latin1.GetBytes(nonsense));
        PollLoop.UntilLost(raw.Connection);
        Assert.Equal([BusOutcome.Disconnected], answers);
    }

    [Fact]
    public void A_bus_that_hangs_up_in_the_middle_of_a_message_is_lost()
    {
        using RawBus raw = new();
        List<BusOutcome> answers = [];
        raw.Connection.CallAsync(s_call, Timeout.InfiniteTimeSpan, answer => answers.Add(answer.Outcome));
        byte[] reply = raw.Message(RawBus.MethodReturn, "", [], replyTo: raw.ReadSerialOfNextMessage());
        raw.Send(reply[..^1]);
        raw.HangUp();
        PollLoop.UntilLost(raw.Connection);
        Assert.Equal([BusOutcome.Disconnected], answers);
    }

    /// <summary>What came before the end still counts.</summary>
    [Fact]
    public void A_reply_in_front_of_the_end_is_read()
    {
        using RawBus raw = new();
        List<BusOutcome> answers = [];
        raw.Connection.CallAsync(s_call, Timeout.InfiniteTimeSpan, answer => answers.Add(answer.Outcome));
        raw.Send(raw.Message(RawBus.MethodReturn, "", [], replyTo: raw.ReadSerialOfNextMessage()));
        raw.HangUp();
        PollLoop.UntilLost(raw.Connection);
        Assert.Equal([BusOutcome.Success], answers);
    }

    [Fact]
    public void A_reply_to_no_call_of_ours_is_dropped()
    {
        using RawBus raw = new();
        List<BusOutcome> answers = [];
        raw.Connection.CallAsync(s_call, Timeout.InfiniteTimeSpan, answer => answers.Add(answer.Outcome));
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
            seen.Add(call.Signature == "s" ? $"s {call.GetBodyReader().ReadString()}" : call.Signature);
            call.ReplyError(BusErrorNames.InvalidArgs, "takes one string");
            return true;
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
        Assert.Equal(["s fine", "", "u", "ss", "as", "a{sv}", "aas", $"{new string('a', 32)}i", "v"], seen);
        Assert.All(calls, _ => Assert.Equal("error org.freedesktop.DBus.Error.InvalidArgs takes one string", PollLoop.During(peer.Says, bus)));
    }

    private static void Read(string signature, Reader body)
    {
        _ = signature switch
        {
            "s" => body.ReadString(),
            "o" => body.ReadObjectPathAsString(),
            "u" => body.ReadUInt32(),
            "t" => body.ReadUInt64(),
            "as" => body.ReadArrayOfString(),
            "a{sv}" => body.ReadDictionaryOfStringToVariantValue(),
            "v" => body.ReadVariantValue(),
            _ => (object)"",
        };
    }

    private static void ThrowsAtMostOnce(Action act)
    {
        try
        {
            act();
        }
        catch (Exception malformed) when (malformed is DBusReadException or ArgumentException)
        {
            act();
        }
    }
}
