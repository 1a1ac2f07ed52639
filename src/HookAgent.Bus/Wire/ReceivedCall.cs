using System.Text;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>
/// A method call of somebody else's to an object of ours. Its body can be read only by the handler that got it; it is
/// answered then or later, once. It holds nothing of the library's beyond the handler.
/// </summary>
public sealed class ReceivedCall
{
    private readonly BusConnection _connection;
    private readonly uint _serial;
    private MethodContext? _context;

    internal ReceivedCall(BusConnection connection, MethodContext context)
    {
        Message request = context.Request;
        _connection = connection;
        _context = context;
        _serial = request.Serial;
        ExpectsReply = !context.NoReplyExpected;
        Sender = request.SenderAsString ?? "";
        Interface = request.InterfaceAsString;
        Member = request.MemberAsString ?? "";
        Signature = request.SignatureAsString;
    }

    /// <summary>The unique name of the caller, as the bus vouches for it.</summary>
    public string Sender { get; }

    /// <summary>Null where the caller named none, as the specification allows it.</summary>
    public string? Interface { get; }

    public string Member { get; }

    /// <summary>The types of the whole body, "" for an empty one. Check it before reading: the body has that shape.</summary>
    public string Signature { get; }

    /// <summary>False for a call whose sender does not wait: an answer is dropped.</summary>
    public bool ExpectsReply { get; }

    /// <exception cref="InvalidOperationException">The handler has returned.</exception>
    public Reader GetBodyReader() =>
        (_context ?? throw new InvalidOperationException("the body can be read inside the handler alone")).Request.GetBodyReader();

    /// <summary>Answers a call that returns nothing.</summary>
    public void Reply() => Reply(null, static (ref MessageWriter _) => { });

    public void Reply(string? signature, BodyWriter write) => Send((ref MessageWriter message) =>
    {
        message.WriteMethodReturnHeader(_serial, Encoding.UTF8.GetBytes(Sender), signature);
        write(ref message);
    });

    /// <summary>Answers with an error: its D-Bus name, and a sentence for people.</summary>
    public void ReplyError(string name, string text) => Send((ref MessageWriter message) =>
        message.WriteError(_serial, Encoding.UTF8.GetBytes(Sender), name, text));

    /// <summary>The handler has returned.</summary>
    internal void Leave() => _context = null;

    private void Send(BodyWriter write)
    {
        if (!ExpectsReply || _connection.NewMessage(write) is not { } message)
        {
            return;
        }

        if (_context is { } context)
        {
            // So that the library knows of it, and does not answer that there is no such method.
            context.Reply(message);
        }
        else
        {
            _connection.Send(message);
        }
    }
}
