using System.Text;

namespace HookAgent.Report;

/// <summary>The names of units that matter, each with a small number.</summary>
internal sealed class UnitList
{
    private readonly List<byte[]> _names = [];

    public string this[byte number] => Encoding.UTF8.GetString(_names[number]);

    /// <summary>Null for one too many: a cluster does not lend its nodes to so many units.</summary>
    public byte? Number(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return (byte)i;
            }
        }

        if (_names.Count > byte.MaxValue)
        {
            return null;
        }

        _names.Add([.. name]);
        return (byte)(_names.Count - 1);
    }
}
