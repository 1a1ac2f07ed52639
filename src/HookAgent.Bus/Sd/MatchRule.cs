using System.Text;

namespace HookAgent.Bus.Sd;

/// <summary>
/// A match rule for signals. The bus filters by it first, then libsystemd again, and the two disagree on
/// backslashes: the bus takes them literally inside quotes, libsystemd as an escape. So a value with a quote
/// or a backslash, which a unit's name can have, is in no rule; look at the message itself there.
/// </summary>
public sealed class MatchRule
{
    private readonly StringBuilder _rule = new("type='signal'");

    /// <summary>Whether <paramref name="value"/> can be asked for.</summary>
    public static bool CanExpress(string value) => value.AsSpan().IndexOfAny('\'', '\\', '\0') < 0;

    /// <summary>A unique or well-known name; the bus follows the latter to its owner.</summary>
    public MatchRule Sender(string name) => And("sender", name);

    public MatchRule Path(string path) => And("path", path);

    public MatchRule Interface(string name) => And("interface", name);

    public MatchRule Member(string name) => And("member", name);

    /// <summary>Argument <paramref name="index"/>, 0 to 63, is this very string.</summary>
    public MatchRule Argument(int index, string value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 63);
        return And($"arg{index}", value);
    }

    public override string ToString() => _rule.ToString();

    private MatchRule And(string key, string value)
    {
        if (!CanExpress(value))
        {
            throw new ArgumentException($"no match rule can ask for \"{value}\"", nameof(value));
        }

        _rule.Append(',').Append(key).Append("='").Append(value).Append('\'');
        return this;
    }
}
