using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>
/// Properties as GetAll answers them. One that is missing, or has a value of another type than is asked for, reads as null:
/// peers of other versions may have others.
/// </summary>
public sealed class BusProperties(IReadOnlyDictionary<string, VariantValue> values)
{
    public string? Text(string name) => Of(name, VariantValueType.String) is { } value ? value.GetString() : null;

    public bool? Flag(string name) => Of(name, VariantValueType.Bool) is { } value ? value.GetBool() : null;

    public int? SmallNumber(string name) => Of(name, VariantValueType.Int32) is { } value ? value.GetInt32() : null;

    public ulong? Number(string name) => Of(name, VariantValueType.UInt64) is { } value ? value.GetUInt64() : null;

    public IReadOnlyList<string>? Texts(string name) =>
        Of(name, VariantValueType.Array) is { ItemType: VariantValueType.String } value ? value.GetArray<string>() : null;

    public byte[]? Bytes(string name) =>
        Of(name, VariantValueType.Array) is { ItemType: VariantValueType.Byte } value ? value.GetArray<byte>() : null;

    /// <summary>Whether the peer has it, of whatever type.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>Whether it is an array with anything in it.</summary>
    public bool HasAny(string name) => Of(name, VariantValueType.Array) is { Count: > 0 };

    /// <summary>The structures of an array of them, each of members of these types.</summary>
    public IReadOnlyList<VariantValue>? Structures(string name, params ReadOnlySpan<VariantValueType> members)
    {
        if (Of(name, VariantValueType.Array) is not { ItemType: VariantValueType.Struct } value)
        {
            return null;
        }

        VariantValue[] read = new VariantValue[value.Count];
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = value.GetItem(i);
            if (!IsOf(read[i], members))
            {
                return null;
            }
        }

        return read;
    }

    private static bool IsOf(VariantValue structure, ReadOnlySpan<VariantValueType> members)
    {
        if (structure.Count != members.Length)
        {
            return false;
        }

        for (int i = 0; i < members.Length; i++)
        {
            if (structure.GetItem(i).Type != members[i])
            {
                return false;
            }
        }

        return true;
    }

    private VariantValue? Of(string name, VariantValueType type) =>
        values.TryGetValue(name, out VariantValue value) && value.Type == type ? value : (VariantValue?)null;
}
