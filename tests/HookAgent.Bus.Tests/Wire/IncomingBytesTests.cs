using System.Buffers.Binary;
using System.Text;
using HookAgent.Bus.Wire;
using Xunit.Abstractions;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>Messages that pass and messages that do not, however the socket cuts them and the library asks for them.</summary>
public sealed class IncomingBytesTests(ITestOutputHelper output)
{
    private const byte Call = 1;
    private const byte Return = 2;
    private const byte Error = 3;
    private const byte Signal = 4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_split_of_small_and_large_messages_gives_the_small_ones(bool big)
    {
        byte[] before = Message(big, Signal, body: 13);
        byte[] large = Message(big, Call, body: IncomingBytes.LargestMessage);
        byte[] after = Message(big, Return, body: 5, replyTo: 7);
        byte[] head = [.. before, .. large[..100]];
        byte[] tail = [.. large[^20..], .. after];

        // Every cut in the small messages and at both ends of the large one; its middle goes in whole.
        for (int cut = 0; cut <= head.Length; cut++)
        {
            Assert.Equal([.. before, .. after], Pass([head[..cut], head[cut..], large[100..^20], tail]));
        }

        for (int cut = 0; cut <= tail.Length; cut++)
        {
            Assert.Equal([.. before, .. after], Pass([head, large[100..^20], tail[..cut], tail[cut..]]));
        }

        byte[] small = [.. before, .. after];
        Assert.Equal(small, Pass(small.Select(one => new[] { one })));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_largest_message_passes_and_one_byte_more_does_not(bool big)
    {
        byte[] empty = Message(big, Call, body: 0);
        byte[] most = Message(big, Call, body: IncomingBytes.LargestMessage - empty.Length);
        byte[] more = Message(big, Call, body: IncomingBytes.LargestMessage - empty.Length + 1);
        Assert.Equal(IncomingBytes.LargestMessage, most.Length);
        Assert.Equal([.. most, .. empty], Pass([more, most, more, empty]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_may_be_larger(bool big)
    {
        byte[] empty = Message(big, Return, body: 0, replyTo: 7);
        byte[] most = Message(big, Return, body: IncomingBytes.LargestAnswer - empty.Length, replyTo: 7);
        byte[] more = Message(big, Return, body: IncomingBytes.LargestAnswer - empty.Length + 1, replyTo: 7);
        Assert.Equal(IncomingBytes.LargestAnswer, most.Length);
        Assert.Equal([.. most, .. empty], Pass([more, most, more, empty]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_size_of_the_fields_counts_too(bool big)
    {
        byte[] small = Message(big, Call, body: 1);
        Assert.Equal(small, Pass([Message(big, Call, body: 1, path: 17_000), small]));
        Assert.Equal(small, Pass([Message(big, Call, body: 1, path: 2 * IncomingBytes.LargestMessage), small]));
        byte[] fits = Message(big, Call, body: 1, path: 16_000);
        Assert.Equal([.. fits, .. small], Pass([fits, small]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_a_return_or_an_error_is_an_answer(bool big)
    {
        byte[] signal = Message(big, Signal, body: 8);
        foreach (byte type in new byte[] { Call, Signal, 5, 0 })
        {
            byte[] liar = Message(big, type, body: 8, replyTo: 7);
            Assert.Equal(signal, Pass([liar, signal]));
            Assert.Equal([.. signal, .. signal], Pass([signal, .. liar.Select(one => new[] { one }), signal]));
            byte[] honest = Message(big, type, body: 8);
            Assert.Equal(honest, Pass([honest]));
        }

        foreach (byte type in new[] { Return, Error })
        {
            byte[] answer = Message(big, type, body: 8, replyTo: 7);
            Assert.Equal(answer, Pass([answer]));
        }
    }

    [Fact]
    public void Fields_that_cannot_be_told_apart_do_not_pass()
    {
        byte[] good = Message(big: false, Signal, body: 8);

        // Another code, a longer signature, a type that no field has, a length that leads out of the fields.
        foreach ((int at, byte value) in new (int, byte)[] { (16, 5), (17, 2), (18, (byte)'v'), (20, 0xFF), (23, 0xFF) })
        {
            byte[] bad = [.. good];
            bad[at] = value;
            Assert.Equal(good, Pass([bad, good]));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: bus\r\n\r\n")]
    [InlineData("l\u0001\0\u0002\0\0\0\0\u0001\0\0\0\0\0\0\0")]
    [InlineData("x\u0001\0\u0001\0\0\0\0\u0001\0\0\0\0\0\0\0")]
    [InlineData("l\u0001\0\u0001\0\0\0\u0008\u0001\0\0\0\0\0\0\0")]
    [InlineData("l\u0001\0\u0001\u00ff\u00ff\u00ff\u00ff\u0001\0\0\0\u00ff\u00ff\u00ff\u00ff")]
    public void What_no_bus_sends_ends_the_messages(string nonsense)
    {
        IncomingBytes incoming = new();
        incoming.MessagesFollow();
        byte[] bytes = [.. Message(big: false, Signal, body: 3), .. Encoding.Latin1.GetBytes(nonsense), .. Message(big: false, Signal, body: 3)];
        bytes.CopyTo(incoming.Room());
        incoming.Add(bytes.Length);
        byte[] into = new byte[4096];
        Assert.Equal(Message(big: false, Signal, body: 3), into[..incoming.Take(into)]);
        Assert.False(incoming.IsMalformed);
        Assert.Equal(0, incoming.Take(into));
        Assert.True(incoming.IsMalformed);
        Assert.Equal(0, incoming.Take(into));
    }

    [Fact]
    public void Before_the_messages_all_passes()
    {
        IncomingBytes incoming = new();
        byte[] line = "OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray();
        line.CopyTo(incoming.Room());
        incoming.Add(line.Length);
        byte[] into = new byte[20];
        Assert.Equal(line[..20], into[..incoming.Take(into)]);
        Assert.Equal(line[20..], into[..incoming.Take(into)]);
        Assert.Equal(0, incoming.Take(into));
        Assert.False(incoming.IsMalformed);
    }

    /// <summary>Random messages and cuts: exactly those that should pass come out, byte for byte, in order.</summary>
    [Fact]
    public void Any_messages_in_any_pieces_come_out_as_they_should() => Fuzz.Run(output, 4, mutator =>
    {
        List<byte> sent = [];
        List<byte> expected = [];
        for (int left = mutator.Pick(12); left >= 0; left--)
        {
            bool big = mutator.Pick(2) > 0;
            byte type = (byte)(1 + mutator.Pick(4));
            bool large = mutator.Pick(6) == 0;
            bool saysAnswer = mutator.Pick(3) == 0;
            byte[] message = Message(
                big, type, large ? (type is Return or Error ? IncomingBytes.LargestAnswer : IncomingBytes.LargestMessage) + mutator.Pick(5000) : mutator.Pick(4) == 0 ? mutator.Pick(70_000) : mutator.Pick(300),
                saysAnswer ? 1u + (uint)mutator.Pick(1000) : 0, mutator.Pick(200));
            sent.AddRange(message);
            if (!large && (type is Return or Error || !saysAnswer))
            {
                expected.AddRange(message);
            }
        }

        byte[] bytes = [.. sent];
        List<byte[]> pieces = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - at, 1 + mutator.Pick(mutator.Pick((int[])[3, 40, 3000, 20_000])));
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }

        Assert.Equal(expected, Pass(pieces, () => 1 + mutator.Pick(5000)));
    });

    /// <summary>Random bytes, good and bad: nothing hangs, throws, or comes out that did not go in.</summary>
    [Fact]
    public void Whatever_comes_comes_to_an_end() => Fuzz.Run(output, 3, mutator =>
    {
        byte[] bytes = mutator.Mutate(
            [Message(false, Call, 30), Message(true, Signal, 30), Message(false, Return, 30, replyTo: 9), [.. Message(true, Call, 9), .. Message(true, Call, 9)]]);
        Assert.InRange(Pass([bytes]).Length, 0, bytes.Length);
    });

    /// <summary>What comes out where these pieces go in.</summary>
    private static byte[] Pass(IEnumerable<byte[]> pieces, Func<int>? wanted = null)
    {
        IncomingBytes incoming = new();
        incoming.MessagesFollow();
        List<byte> passed = [];
        byte[] into = new byte[5000];
        foreach (byte[] piece in pieces)
        {
            for (int at = 0; at < piece.Length && !incoming.IsMalformed;)
            {
                Span<byte> room = incoming.Room();
                Assert.NotEqual(0, room.Length);
                int length = Math.Min(room.Length, piece.Length - at);
                piece.AsSpan(at, length).CopyTo(room);
                incoming.Add(length);
                at += length;
                while (incoming.Take(into.AsSpan(0, wanted?.Invoke() ?? into.Length)) is > 0 and var got)
                {
                    passed.AddRange(into[..got]);
                }
            }
        }

        return [.. passed];
    }

    private static byte[] Message(bool big, byte type, int body, uint replyTo = 0, int path = 8)
    {
        List<byte> fields = [];
        Field(1, (byte)'o', [.. Number((uint)path + 1), (byte)'/', .. Enumerable.Repeat((byte)'p', path), 0]);
        Field(3, (byte)'s', [.. Number(3), .. "Run"u8, 0]);
        Field(8, (byte)'g', [2, (byte)'a', (byte)'y', 0]);
        if (replyTo > 0)
        {
            Field(5, (byte)'u', Number(replyTo));
        }

        Field(7, (byte)'s', [.. Number(4), .. ":1.1"u8, 0]);
        List<byte> message =
            [(byte)(big ? 'B' : 'l'), type, 0, 1, .. Number((uint)body), .. Number(1), .. Number((uint)fields.Count), .. fields];
        Align(message);
        message.AddRange(Enumerable.Repeat((byte)0xAA, body));
        return [.. message];

        void Field(byte code, byte signature, byte[] value)
        {
            Align(fields);
            fields.AddRange([code, 1, signature, 0, .. value]);
        }

        byte[] Number(uint number)
        {
            byte[] bytes = new byte[4];
            if (big)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
            }

            return bytes;
        }
    }

    private static void Align(List<byte> bytes)
    {
        while (bytes.Count % 8 != 0)
        {
            bytes.Add(0);
        }
    }
}
