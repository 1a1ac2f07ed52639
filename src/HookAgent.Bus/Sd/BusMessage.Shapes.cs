using System.Diagnostics.CodeAnalysis;

namespace HookAgent.Bus.Sd;

/// <summary>
/// Looks at one entry of a dictionary of properties. Reads the variant and answers true, or leaves it
/// untouched and answers false, for a name it does not want or a value of another type.
/// </summary>
public delegate bool BusPropertyReader(string name, BusMessage value);

/// <content>The shapes that many messages share: "as", a variant of one value, "a{sv}".</content>
public sealed unsafe partial class BusMessage
{
    /// <summary>The most texts of one array: more than a node has of anything, and some megabytes at most.</summary>
    public const int MaxTexts = 100_000;

    /// <summary>Reads an "as"; false for one of more than <see cref="MaxTexts"/>.</summary>
    public bool TryReadStringArray([NotNullWhen(true)] out List<string>? values)
    {
        values = null;
        if (!TryEnterArray("s"))
        {
            return false;
        }

        List<string> read = [];
        while (read.Count < MaxTexts && TryReadString(out string? value))
        {
            read.Add(value);
        }

        if (!TryExit())
        {
            return false;
        }

        values = read;
        return true;
    }

    /// <summary>Reads an "a{ss}"; false for one of more than <see cref="MaxTexts"/>. Of a key that is there twice the last counts.</summary>
    public bool TryReadTexts([NotNullWhen(true)] out Dictionary<string, string>? values)
    {
        values = null;
        if (!TryEnterArray("{ss}"))
        {
            return false;
        }

        Dictionary<string, string> read = [];
        while (read.Count < MaxTexts && TryEnterDictEntry("ss"))
        {
            if (!TryReadString(out string? key) || !TryReadString(out string? value) || !TryExit())
            {
                return false;
            }

            read[key] = value;
        }

        if (!TryExit())
        {
            return false;
        }

        values = read;
        return true;
    }

    /// <summary>Writes an "a{ss}".</summary>
    public BusMessage WriteTexts(IEnumerable<KeyValuePair<string, string>> values)
    {
        OpenArray("{ss}");
        foreach ((string key, string value) in values)
        {
            OpenDictEntry("ss").WriteString(key).WriteString(value).Close();
        }

        return Close();
    }

    /// <summary>
    /// Reads an "a{sv}", such as GetAll answers or PropertiesChanged carries, and passes over what
    /// <paramref name="reader"/> leaves. False where the next value is no such dictionary, or is malformed.
    /// </summary>
    public bool TryReadProperties(BusPropertyReader reader)
    {
        if (!TryEnterArray("{sv}"))
        {
            return false;
        }

        while (TryEnterDictEntry("sv"))
        {
            if (!TryReadString(out string? name))
            {
                return false;
            }

            if (!reader(name, this) && !TrySkip("v"))
            {
                return false;
            }

            if (!TryExit())
            {
                return false;
            }
        }

        return TryExit();
    }

    public bool TryReadVariantString([NotNullWhen(true)] out string? value)
    {
        value = null;
        return TryEnterVariant("s") && TryReadString(out value) && TryExit();
    }

    public bool TryReadVariantBool(out bool value)
    {
        value = false;
        return TryEnterVariant("b") && TryReadBool(out value) && TryExit();
    }

    public bool TryReadVariantInt32(out int value)
    {
        value = 0;
        return TryEnterVariant("i") && TryReadInt32(out value) && TryExit();
    }

    public bool TryReadVariantUInt64(out ulong value)
    {
        value = 0;
        return TryEnterVariant("t") && TryReadUInt64(out value) && TryExit();
    }

    /// <summary>Reads whether an array of <paramref name="element"/>, such as "(sus)", has any element, and passes over it.</summary>
    public bool TryReadAny(string element, out bool any)
    {
        any = false;
        if (!TryEnterArray(element))
        {
            return false;
        }

        any = !AtEnd;
        return true;
    }

    public bool TryReadVariantStringArray([NotNullWhen(true)] out List<string>? values)
    {
        values = null;
        return TryEnterVariant("as") && TryReadStringArray(out values) && TryExit();
    }

    /// <summary>Reads an "ay" of exactly this many bytes.</summary>
    public bool TryReadVariantBytes(int count, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        if (!TryEnterVariant("ay") || !TryEnterArray("y"))
        {
            return false;
        }

        byte[] read = new byte[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadByte(out read[i]))
            {
                return false;
            }
        }

        value = TryExit() && TryExit() ? read : null;
        return value is not null;
    }

    public BusMessage WriteVariantString(string value) => OpenVariant("s").WriteString(value).Close();

    public BusMessage WriteVariantUInt64(ulong value) => OpenVariant("t").WriteUInt64(value).Close();

    public BusMessage WriteVariantStringArray(IEnumerable<string> values) =>
        OpenVariant("as").WriteStringArray(values).Close();
}
