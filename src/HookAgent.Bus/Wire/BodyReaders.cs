using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>Readers of the shapes that many answers share.</summary>
internal static class BodyReaders
{
    /// <summary>Reads an "s".</summary>
    public static bool Text(Message reply, out string value)
    {
        bool fits = reply.SignatureAsString == "s";
        value = fits ? reply.GetBodyReader().ReadString() : "";
        return fits;
    }

    /// <summary>Reads an "o".</summary>
    public static bool ObjectPath(Message reply, out string value)
    {
        bool fits = reply.SignatureAsString == "o";
        value = fits ? reply.GetBodyReader().ReadObjectPathAsString() : "";
        return fits;
    }

    /// <summary>Reads a "v", such as Get answers.</summary>
    public static bool Variant(Message reply, out VariantValue value)
    {
        bool fits = reply.SignatureAsString == "v";
        value = fits ? reply.GetBodyReader().ReadVariantValue() : default;
        return fits;
    }

    /// <summary>Reads an "a{sv}", such as GetAll answers.</summary>
    public static bool Properties(Message reply, out Dictionary<string, VariantValue> value)
    {
        bool fits = reply.SignatureAsString == "a{sv}";
        value = fits ? reply.GetBodyReader().ReadDictionaryOfStringToVariantValue() : [];
        return fits;
    }
}
