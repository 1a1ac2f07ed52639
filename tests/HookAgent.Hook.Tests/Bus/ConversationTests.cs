using System.Text;
using HookAgent.Hook.Bus;

namespace HookAgent.Hook.Tests.Bus;

public sealed class ConversationTests
{
    private const int BufferBytes = 4096;

    private static readonly byte[] Accepted = "OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray();

    public static TheoryData<string, int> RecordingsInPieces()
    {
        TheoryData<string, int> data = [];
        foreach (int piece in (int[])[1, 2, 3, 7, 16, 37, 38, 100, 1000])
        {
            data.Add("dbus-daemon", piece);
            data.Add("dbus-broker", piece);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(RecordingsInPieces))]
    public void The_answer_is_found_however_the_bytes_arrive(string bus, int piece)
    {
        byte[] recording = bus == "dbus-daemon" ? Recordings.DbusDaemon : Recordings.DbusBroker;
        Assert.Equal(new CallResult(CallOutcome.Answered), Hear(recording, piece));
        Assert.Equal(CallOutcome.DaemonSilent, Hear(recording[..^1], piece)!.Value.Outcome);
    }

    [Fact]
    public void Silence_is_blamed_on_whoever_is_silent()
    {
        Assert.Equal(CallOutcome.BusSilent, Hear([])!.Value.Outcome);
        Assert.Equal(CallOutcome.BusSilent, Hear(Accepted)!.Value.Outcome);
        Assert.Equal(CallOutcome.BusSilent, Hear("OK half a li"u8.ToArray())!.Value.Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_byte_orders_are_read(bool bigEndian)
    {
        byte[] answer = bigEndian ? Recordings.ReturnBigEndian : Recordings.ReturnLittleEndian;
        Assert.Equal(new CallResult(CallOutcome.Answered), Hear([.. Accepted, .. answer]));

        byte[] error = bigEndian ? Recordings.ErrorBigEndian : Recordings.ErrorLittleEndian;
        Assert.Equal(
            new CallResult(CallOutcome.Refused, Detail: "org.freedesktop.DBus.Error.AccessDenied: Sender is not authorized"),
            Hear([.. Accepted, .. error]));
    }

    [Theory]
    [InlineData("ServiceUnknown")]
    [InlineData("NameHasNoOwner")]
    public void A_name_without_an_owner_is_an_absent_daemon(string error) => Assert.Equal(
        new CallResult(CallOutcome.DaemonAbsent, Detail: $"org.freedesktop.DBus.Error.{error}: "),
        Hear([.. Accepted, .. Message(3, replySerial: 2, error: "org.freedesktop.DBus.Error." + error)]));

    [Fact]
    public void A_daemon_that_has_gone_is_a_silent_one_that_may_be_asked_again()
    {
        CallResult gone = Hear([.. Accepted, .. Message(3, replySerial: 2, error: "org.freedesktop.DBus.Error.NoReply")])!.Value;
        Assert.Equal((CallOutcome.DaemonSilent, true), (gone.Outcome, gone.IsCutOff));
    }

    [Fact]
    public void An_error_to_Hello_is_a_rejection() => Assert.Equal(
        new CallResult(CallOutcome.Rejected, Detail: "org.freedesktop.DBus.Error.LimitsExceeded: "),
        Hear([.. Accepted, .. Message(3, replySerial: 1, error: "org.freedesktop.DBus.Error.LimitsExceeded")]));

    [Theory]
    [InlineData("REJECTED EXTERNAL DBUS_COOKIE_SHA1\r\n", CallOutcome.Rejected)]
    [InlineData("REJECTED\r\n", CallOutcome.Rejected)]
    [InlineData("ERROR \"what?\"\r\n", CallOutcome.Garbled)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", CallOutcome.Garbled)]
    [InlineData("\r\n", CallOutcome.Garbled)]
    [InlineData("OK\r\n", CallOutcome.Garbled)]
    public void A_bus_that_does_not_accept_is_told(string line, object outcome) =>
        Assert.Equal((CallOutcome)outcome, Hear(Encoding.ASCII.GetBytes(line))!.Value.Outcome);

    [Fact]
    public void An_endless_first_line_is_given_up() =>
        Assert.Equal(CallOutcome.Garbled, Hear(new byte[600])!.Value.Outcome);

    [Fact]
    public void Answers_to_others_and_signals_are_passed_over()
    {
        byte[] noise =
        [
            .. Message(2, replySerial: 3),
            .. Message(2, replySerial: 0),
            .. Message(4, replySerial: 2),
            .. Message(1, replySerial: 2),
            .. Message(77, replySerial: 2),
        ];
        Assert.Equal(CallOutcome.BusSilent, Hear([.. Accepted, .. noise])!.Value.Outcome);
        Assert.Equal(CallOutcome.Answered, Hear([.. Accepted, .. noise, .. Recordings.ReturnLittleEndian])!.Value.Outcome);
    }

    public static TheoryData<string, byte[]> Hostile()
    {
        byte[] good = Recordings.ErrorLittleEndian;
        return new TheoryData<string, byte[]>
        {
            { "no byte order", With(good, 0, (byte)'x') },
            { "message type 0", With(good, 1, 0) },
            { "protocol version 2", With(good, 3, 2) },
            { "serial 0", With(good, 8, 0) },
            { "body of 4 GB", With(good, 7, 0xFF) },
            { "body of 2 MB", With(good, 6, 0x20) },
            { "fields of 4 GB", With(good, 15, 0xFF) },
            { "fields of 2 MB", With(good, 14, 0x20) },
            { "fields and body that are only together too large", With(With(good, 6, 0x0F), 14, 0x0F) },
            { "string beyond the fields", With(good, 20, 0xFF) },
            { "string of 4 GB", With(With(With(With(good, 20, 0xFF), 21, 0xFF), 22, 0xFF), 23, 0xFF) },
            { "string without its end", With(good, 20, 38) },
            { "variant of two types", With(good, 17, 2) },
            { "variant of an array", With(good, 18, (byte)'a') },
            { "signature beyond the fields", With(good, 84, 0xFF) },
            { "text beyond the body", With(good, 96, 0xFF) },
            { "fields that end inside a field", With(good, 12, 0x52) },
        };
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_is_no_message_is_given_up(string what, byte[] message)
    {
        Assert.NotEmpty(what);
        Assert.Equal(CallOutcome.Garbled, Hear([.. Accepted, .. message, .. new byte[BufferBytes]])!.Value.Outcome);
    }

    [Fact]
    public void A_message_that_does_not_fit_is_given_up() => Assert.Equal(
        CallOutcome.Garbled,
        Hear([.. Accepted, .. Message(4, replySerial: 0, error: new string('x', BufferBytes))])!.Value.Outcome);

    /// <summary>Feeds the bytes piece by piece, then silence.</summary>
    internal static CallResult? Hear(byte[] bytes, int piece = int.MaxValue)
    {
        Conversation conversation = new(new byte[BufferBytes]);
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
        {
            int count = Math.Min(Math.Min(piece, rest.Length), conversation.Free.Length);
            rest[..count].CopyTo(conversation.Free);
            rest = rest[count..];
            if (conversation.Take(count) is { } result)
            {
                return result;
            }
        }

        return conversation.Silence;
    }

    private static byte[] With(byte[] message, int at, byte value)
    {
        byte[] changed = (byte[])message.Clone();
        changed[at] = value;
        return changed;
    }

    /// <summary>A message with no body, and an error name if one is given.</summary>
    private static byte[] Message(byte type, uint replySerial, string? error = null)
    {
        List<byte> fields = [5, 1, (byte)'u', 0, .. BitConverter.GetBytes(replySerial)];
        if (error is not null)
        {
            fields.AddRange([4, 1, (byte)'s', 0, .. BitConverter.GetBytes(error.Length), .. Encoding.ASCII.GetBytes(error), 0]);
        }

        int length = fields.Count;
        fields.AddRange(new byte[-length & 7]);
        return [(byte)'l', type, 0, 1, 0, 0, 0, 0, 9, 0, 0, 0, .. BitConverter.GetBytes(length), .. fields];
    }
}
