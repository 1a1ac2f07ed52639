using HookAgent.Core.Text;

namespace HookAgent.Report.Reading;

/// <summary>The wanted fields of one journal entry. One object is filled again and again.</summary>
internal sealed class Entry
{
    /// <summary>None of the wanted is longer (a host name has 64 bytes, a unit's 255); one that is counts as absent.</summary>
    private const int MostValue = 256;

    private readonly byte[] _values = new byte[EntryFieldNames.Count * MostValue];
    private readonly int[] _lengths = new int[EntryFieldNames.Count];

    /// <summary>Empty where the entry does not have the field.</summary>
    public ReadOnlySpan<byte> this[EntryField field] => _values.AsSpan((int)field * MostValue, _lengths[(int)field]);

    public void Clear() => Array.Clear(_lengths);

    /// <summary>Of a field that is there more than once the first value counts.</summary>
    public void Set(EntryField field, ReadOnlySpan<byte> value)
    {
        if (_lengths[(int)field] == 0 && value.Length <= MostValue)
        {
            value.CopyTo(_values.AsSpan((int)field * MostValue));
            _lengths[(int)field] = value.Length;
        }
    }

    /// <summary>A field as a number; null where it is none.</summary>
    public long? Number(EntryField field) => Digits.Read(this[field]);

    public bool Is(EntryField field, ReadOnlySpan<byte> value) => this[field].SequenceEqual(value);
}
