using System.Text;

namespace HookAgent.Bus.Sd;

/// <summary>
/// A match rule for signals. The bus filters by it first, then libsystemd again, and the two disagree on
/// backslashes: the bus takes them literally inside quotes, libsystemd as an escape. So a value with a quote
/// or a backslash, which a unit's name can have, is refused; look at the message itself there.
/// </summary>
public sealed class MatchRule
{
    private readonly StringBuilder _rule = new("type='signal'");

    /// <summary>The one sender whose signals alone can meet the rule; null where the rule leaves that open.</summary>
    internal string? OnlySender { get; private set; }

    /// <summary>
    /// A unique name, the bus itself, or a well-known name. The last holds for what the bus broadcasts, but
    /// anybody may send a signal straight to us, and libsystemd lets that through: where it matters, compare
    /// <see cref="BusMessage.Sender"/> with the owner of the name (<see cref="BusConnection.WatchOwnerAsync"/>).
    /// </summary>
    public MatchRule Sender(string name)
    {
        OnlySender = name.StartsWith(':') || name == BusConnection.Driver ? name : null;
        return And("sender", name);
    }

    public MatchRule Path(string path) => And("path", path);

    public MatchRule Interface(string name) => And("interface", name);

    public MatchRule Member(string name) => And("member", name);

    /// <summary>
    /// Argument <paramref name="index"/>, 0 to 63, is this very string. Only where all arguments before it are
    /// strings or object paths: libsystemd looks no further than the first that is not.
    /// </summary>
    public MatchRule Argument(int index, string value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 63);
        return And($"arg{index}", value);
    }

    public override string ToString() => _rule.ToString();

    private MatchRule And(string key, string value)
    {
        if (value.AsSpan().IndexOfAny('\'', '\\', '\0') >= 0)
        {
            throw new ArgumentException($"no match rule can ask for \"{value}\"", nameof(value));
        }

        _rule.Append(',').Append(key).Append("='").Append(value).Append('\'');
        return this;
    }
}
