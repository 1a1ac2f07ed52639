using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>Writes a body, in the order of its signature.</summary>
public delegate void BodyWriter(ref MessageWriter body);

/// <summary>
/// Reads a body; false where its signature is not the one that was asked for. What the bus passes on has the shape that its
/// signature says.
/// </summary>
public delegate bool BodyReader<T>(Message message, out T value);

/// <summary>A method call to be made. <paramref name="Signature"/> is that of what <paramref name="Write"/> writes.</summary>
public sealed record BusCall(
    string Destination, string Path, string Interface, string Member, string Signature = "", BodyWriter? Write = null)
{
    /// <summary>A call that takes one string.</summary>
    public static BusCall WithText(string destination, string path, string interfaceName, string member, string text) =>
        new(destination, path, interfaceName, member, "s", (ref MessageWriter body) => body.WriteString(text));
}
