using System.Buffers.Binary;
using System.Text;
using HookAgent.Bus;

namespace HookAgent.Daemon.Tests.Harness;

/// <summary>
/// Method calls to the agent as bytes on the wire: well-formed by the D-Bus specification, so that a bus passes them
/// on, but with any member, signature and values.
/// </summary>
internal sealed class WireMessages(Mutator mutator)
{
    private static readonly string[] s_paths = [NodeContract.ObjectPath, NodeContract.ObjectPath, NodeContract.ObjectPath, "/", "/org", "/org/hookagent/Node1/x"];

    private static readonly string[] s_interfaces =
    [
        NodeContract.Interface, NodeContract.Interface, NodeContract.PropertiesInterface, NodeContract.IntrospectableInterface,
        "org.freedesktop.DBus.Peer", "org.example.Other", "",
    ];

    private static readonly string[] s_members =
    [
        "JobStarted", "JobEnded", "RecordFailed", "Hold", "Release", "Retry", "Forget", "Reconciled", "Refresh", "Get", "GetAll", "Set",
        "Introspect", "Ping", "GetMachineId", "NoSuch",
    ];

    private static readonly string[] s_signatures = ["s", "s", "stb", "as", "", "ss", "ssv", "sv", "v", "t", "a{sv}", "(sas)", "aas", "h", "av"];

    private static readonly string[] s_texts =
        ["17", "18", "0", "-1", "4294967294", "../17", "", "State", "Jobs", NodeContract.Interface, "disk swap", "two\nlines", "Jürgen", "\u001b[2J"];

    private readonly List<byte> _body = [];
    private uint _serial = 1;

    /// <summary>One call that wants no answer, or one.</summary>
    public byte[] Call()
    {
        string signature = mutator.Pick(4) > 0 ? mutator.Pick(s_signatures) : Signature(0);
        _body.Clear();
        if (mutator.Pick(40) == 0)
        {
            // As deep as the bus lets pass: 64 containers in all.
            signature = "v";
            Deep(60);
        }
        else
        {
            Values(signature, 0);
        }

        List<byte> fields = [];
        Field(fields, 1, "o", mutator.Pick(s_paths));
        if (mutator.Pick(s_interfaces) is { Length: > 0 } name)
        {
            Field(fields, 2, "s", name);
        }

        Field(fields, 3, "s", mutator.Pick(s_members));
        Field(fields, 6, "s", NodeContract.BusName);
        if (signature.Length > 0)
        {
            Align(fields, 8);
            fields.AddRange([8, 1, (byte)'g', 0, (byte)signature.Length, .. Encoding.ASCII.GetBytes(signature), 0]);
        }

        return Frame(fields, _body, flags: (byte)(2 | mutator.Pick(2)));
    }

    /// <summary>The call that a client begins with.</summary>
    public byte[] Hello()
    {
        List<byte> fields = [];
        Field(fields, 1, "o", "/org/freedesktop/DBus");
        Field(fields, 3, "s", "Hello");
        Field(fields, 6, "s", "org.freedesktop.DBus");
        return Frame(fields, [], flags: 0);
    }

    private byte[] Frame(List<byte> fields, List<byte> body, byte flags)
    {
        List<byte> message = [(byte)'l', 1, flags, 1, .. Number((uint)body.Count), .. Number(_serial++), .. Number((uint)fields.Count), .. fields];
        Align(message, 8);
        return [.. message, .. body];
    }

    /// <summary>One to three complete types.</summary>
    private string Signature(int depth) => string.Concat(Enumerable.Range(0, 1 + mutator.Pick(3)).Select(_ => Type(depth)));

    private string Type(int depth) => mutator.Pick(depth > 4 ? 10 : 14) switch
    {
        0 => "y",
        1 => "b",
        2 => "n",
        3 => "i",
        4 => "u",
        5 => "x",
        6 => "t",
        7 => "d",
        8 => "s",
        9 => "g",
        10 => "v",
        11 => "a" + Type(depth + 1),
        12 => $"({Signature(depth + 1)})",
        _ => $"a{{s{Type(depth + 1)}}}",
    };

    private void Values(string signature, int depth)
    {
        for (int at = 0; at < signature.Length;)
        {
            string type = signature[at..End(signature, at)];
            Value(type, depth);
            at += type.Length;
        }
    }

    private void Value(string type, int depth)
    {
        switch (type[0])
        {
            case 'y':
                _body.Add((byte)mutator.Pick(256));
                break;
            case 'n' or 'q':
                Align(_body, 2);
                _body.AddRange([(byte)mutator.Pick(256), 0x80]);
                break;
            case 'b':
                Align(_body, 4);
                _body.AddRange(Number((uint)mutator.Pick(2)));
                break;
            case 'i' or 'u':
                Align(_body, 4);
                _body.AddRange(Number(mutator.Pick((uint[])[0, 1, uint.MaxValue, 0x8000_0000])));
                break;
            case 'h':
                // The index of a descriptor that did not come along.
                Align(_body, 4);
                _body.AddRange(Number(0));
                break;
            case 'x' or 't' or 'd':
                Align(_body, 8);
                _body.AddRange(mutator.Pick((byte[][])[new byte[8], [1, 0, 0, 0, 0, 0, 0, 0], [.. Enumerable.Repeat((byte)0xFF, 8)], [0, 0, 0, 0, 0, 0, 0, 0x80]]));
                break;
            case 's':
                Align(_body, 4);
                Text(mutator.Pick(30) == 0 ? new string('9', mutator.Pick(200_000)) : mutator.Pick(s_texts));
                break;
            case 'o':
                Align(_body, 4);
                Text(mutator.Pick(s_paths));
                break;
            case 'g':
                _body.AddRange([1, (byte)'s', 0]);
                break;
            case 'v':
                string inner = depth > 6 ? "s" : Type(depth + 1);
                _body.AddRange([(byte)inner.Length, .. Encoding.ASCII.GetBytes(inner), 0]);
                Values(inner, depth + 1);
                break;
            case '(' or '{':
                Align(_body, 8);
                Values(type[1..^1], depth + 1);
                break;
            case 'a':
                Array(type[1..], depth);
                break;
        }
    }

    private void Array(string element, int depth)
    {
        Align(_body, 4);
        int lengthAt = _body.Count;
        _body.AddRange(Number(0));
        Align(_body, element[0] is 'x' or 't' or 'd' or '(' or '{' ? 8 : element[0] is 'y' or 'g' or 'v' ? 1 : element[0] is 'n' or 'q' ? 2 : 4);
        int start = _body.Count;
        int count = depth > 3 ? 1 : mutator.Pick(50) == 0 && element == "s" ? 20_000 : mutator.Pick(4);
        for (int i = 0; i < count; i++)
        {
            Value(element, depth + 1);
        }

        byte[] length = Number((uint)(_body.Count - start));
        for (int i = 0; i < length.Length; i++)
        {
            _body[lengthAt + i] = length[i];
        }
    }

    private void Deep(int levels)
    {
        for (int i = 0; i < levels; i++)
        {
            _body.AddRange([1, (byte)'v', 0]);
        }

        _body.AddRange([1, (byte)'y', 0, 7]);
    }

    /// <summary>Where the complete type that begins here ends.</summary>
    private static int End(string signature, int at)
    {
        while (signature[at] == 'a')
        {
            at++;
        }

        int open = 0;
        do
        {
            open += signature[at] is '(' or '{' ? 1 : signature[at] is ')' or '}' ? -1 : 0;
            at++;
        }
        while (open > 0);
        return at;
    }

    private void Text(string text) => _body.AddRange([.. Number((uint)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text), 0]);

    private static void Field(List<byte> fields, byte code, string signature, string value)
    {
        Align(fields, 8);
        fields.AddRange([code, 1, (byte)signature[0], 0, .. Number((uint)value.Length), .. Encoding.ASCII.GetBytes(value), 0]);
    }

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static void Align(List<byte> bytes, int boundary)
    {
        while (bytes.Count % boundary != 0)
        {
            bytes.Add(0);
        }
    }
}
