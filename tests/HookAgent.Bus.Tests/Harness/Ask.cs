using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Harness;

/// <summary>Calls that several tests make.</summary>
internal static class Ask
{
    /// <summary>Answered by the bus itself.</summary>
    public static readonly BusCall Id = new("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId");

    /// <summary>Never answered by a <see cref="Peer"/>.</summary>
    public static BusCall Never(string name) => new(name, Peer.Path, Peer.Interface, "Never");

    public static BusCall Of(string destination, string path, string interfaceName, string member, params string[] texts) =>
        new(destination, path, interfaceName, member, new string('s', texts.Length), (ref MessageWriter body) =>
        {
            foreach (string text in texts)
            {
                body.WriteString(text);
            }
        });

    /// <summary>A signal with one text.</summary>
    public static void EmitText(this BusConnection bus, string path, string interfaceName, string member, string text) =>
        bus.Emit(path, interfaceName, member, "s", (ref MessageWriter body) => body.WriteString(text));
}
