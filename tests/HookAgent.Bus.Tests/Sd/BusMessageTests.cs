using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

/// <summary>Each type written for, and read from, libdbus by way of Python, which shares no code with sd-bus.</summary>
public sealed class BusMessageTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public void Each_type_written_is_what_the_peer_reads()
    {
        using Peer peer = new(daemon, "test.written");
        using BusConnection bus = daemon.Open();
        using BusMessage call = bus.NewCall("test.written", Peer.Path, Peer.Interface, "Describe");
        call.WriteString("grüß \U0001F600").WriteObjectPath("/a/b_20").WriteBool(true).WriteInt32(int.MinValue)
            .WriteUInt32(uint.MaxValue).WriteUInt64(ulong.MaxValue)
            .OpenArray("{sv}")
            .OpenDictEntry("sv").WriteString("n").WriteVariantUInt64(7).Close()
            .OpenDictEntry("sv").WriteString("s").WriteVariantString("x").Close()
            .Close()
            .WriteStringArray(["p", "", "q"])
            .OpenStruct("su").WriteString("in").WriteUInt32(5).Close();

        using BusReply reply = bus.Call(call, s_timeout);

        Assert.True(reply.IsSuccess, reply.ToString());
        Assert.True(reply.Message.TryReadString(out string? heard));
        Assert.Equal(
            "grüß \U0001F600|/a/b_20|True|-2147483648|4294967295|18446744073709551615|n=7,s=x|p,,q|in:5",
            heard);
    }

    [Fact]
    public void Each_type_the_peer_wrote_is_read()
    {
        using Peer peer = new(daemon, "test.read");
        using BusConnection bus = daemon.Open();
        using BusMessage call = bus.NewCall("test.read", Peer.Path, Peer.Interface, "Everything");
        using BusReply reply = bus.Call(call, s_timeout);
        Assert.True(reply.IsSuccess, reply.ToString());
        BusMessage message = reply.Message;

        Assert.Equal("sobiuta{sv}as(su)", message.Signature);
        Assert.Equal(peer.UniqueName, message.Sender);
        Assert.True(message.TryReadString(out string? text));
        Assert.Equal("grüß", text);
        Assert.True(message.TryReadObjectPath(out string? path));
        Assert.Equal("/a/b_20", path);
        Assert.True(message.TryReadBool(out bool truth));
        Assert.True(truth);
        Assert.True(message.TryReadInt32(out int signed));
        Assert.Equal(int.MinValue, signed);
        Assert.True(message.TryReadUInt32(out uint small));
        Assert.Equal(uint.MaxValue, small);
        Assert.True(message.TryReadUInt64(out ulong large));
        Assert.Equal(ulong.MaxValue, large);

        ulong number = 0;
        string? inner = null;
        List<string>? strings = null;
        bool flag = false;
        int negative = 0;
        List<string> names = [];
        Assert.True(message.TryReadProperties((name, value) =>
        {
            names.Add(name);
            return name switch
            {
                "n" => value.TryReadVariantUInt64(out number),
                "s" => value.TryReadVariantString(out inner),
                "as" => value.TryReadVariantStringArray(out strings),
                "b" => value.TryReadVariantBool(out flag),
                "i" => value.TryReadVariantInt32(out negative),
                _ => false,
            };
        }));
        names.Sort(StringComparer.Ordinal);
        Assert.Equal(["as", "b", "deep", "i", "n", "s"], names);
        Assert.Equal(7UL, number);
        Assert.Equal("x", inner);
        Assert.Equal(["p", "q"], strings);
        Assert.True(flag);
        Assert.Equal(-3, negative);

        Assert.Equal('a', message.PeekType(out string contents));
        Assert.Equal("s", contents);
        Assert.True(message.TryReadStringArray(out List<string>? none));
        Assert.Empty(none);
        Assert.True(message.TryEnterStruct("su"));
        Assert.True(message.TrySkip("su"));
        Assert.True(message.TryExit());
        Assert.True(message.AtEnd);
        Assert.Equal('\0', message.PeekType(out _));
    }

    [Fact]
    public void A_value_of_another_type_is_not_read_and_not_consumed()
    {
        using Peer peer = new(daemon, "test.other");
        using BusConnection bus = daemon.Open();
        using BusMessage call = bus.NewCall("test.other", Peer.Path, Peer.Interface, "Everything");
        using BusReply reply = bus.Call(call, s_timeout);
        BusMessage message = reply.Message;

        Assert.False(message.TryReadObjectPath(out _));
        Assert.False(message.TryReadBool(out _));
        Assert.False(message.TryReadInt32(out _));
        Assert.False(message.TryReadUInt32(out _));
        Assert.False(message.TryReadUInt64(out _));
        Assert.False(message.TryReadStringArray(out _));
        Assert.False(message.TryReadProperties((_, _) => true));
        Assert.False(message.TryReadVariantString(out _));
        Assert.False(message.TryExit());
        Assert.True(message.TrySkip("sobiut"));

        // A reader that wants another type than the variant has leaves it to be passed over.
        List<string> unread = [];
        Assert.True(message.TryReadProperties((name, value) =>
        {
            bool read = value.TryReadVariantString(out _);
            if (!read)
            {
                unread.Add(name);
            }

            return read;
        }));
        unread.Sort(StringComparer.Ordinal);
        Assert.Equal(["as", "b", "deep", "i", "n"], unread);

        // An array left in the middle is told from one that was read to its end.
        Assert.True(message.TryEnterArray("s"));
        Assert.True(message.AtEnd);
        Assert.False(message.TryReadString(out _));
        Assert.True(message.TryExit());
        Assert.True(message.TryEnterStruct("su"));
        Assert.False(message.TryExit());
    }

    [Fact]
    public void What_DBus_cannot_carry_is_a_fault()
    {
        using BusConnection bus = daemon.Open();
        using BusMessage call = bus.NewCall("test.fault", "/", "test.Fault", "Fault");

        Assert.Throws<ArgumentException>(() => call.WriteString("a\0b"));
        Assert.Throws<SdBusException>(() => bus.NewCall("not a name", "/", "test.Fault", "Fault"));
        Assert.Throws<SdBusException>(() => call.Close());
        call.OpenArray("s");
        Assert.Throws<SdBusException>(() => call.WriteUInt32(1));
        Assert.Throws<SdBusException>(() => bus.Send(call));
        using BusMessage other = bus.NewCall("test.fault", "/", "test.Fault", "Fault");
        Assert.Equal(22, Assert.Throws<SdBusException>(() => other.WriteObjectPath("no/path")).Errno);
    }

    [Fact]
    public void A_message_is_gone_when_its_callback_is_over_unless_it_is_kept()
    {
        using BusConnection bus = daemon.Open();
        BusMessage? lent = null;
        BusMessage? kept = null;
        using BusMessage call = bus.NewCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId");
        bus.CallAsync(call, s_timeout, reply =>
        {
            lent = reply.Message;
            kept = reply.Message.Keep();
        });
        PollLoop.Until(() => kept is not null, bus);

        Assert.Throws<ObjectDisposedException>(() => lent!.Signature);
        Assert.Equal("s", kept!.Signature);
        kept.Dispose();
        kept.Dispose();
    }
}
