using System.Text;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>
/// Which signals to hear. The bus filters by it, and then <see cref="Matches"/>, because anybody may send a signal straight
/// to us. Null leaves a part open.
/// </summary>
public sealed record SignalMatch
{
    /// <summary>
    /// A unique name, the bus itself, or a well-known name. The last holds for what the bus broadcasts alone: where it
    /// matters, compare <see cref="Message.SenderAsString"/> with the owner of the name
    /// (<see cref="BusConnection.WatchOwnerAsync"/>).
    /// </summary>
    public string? Sender { get; init; }

    public string? Path { get; init; }

    public string? Interface { get; init; }

    public string? Member { get; init; }

    /// <summary>The first argument, a string.</summary>
    public string? Argument { get; init; }

    /// <summary>The rule as AddMatch takes it.</summary>
    /// <exception cref="ArgumentException">A value with a quote, a backslash or a NUL: no rule can ask for it.</exception>
    public override string ToString()
    {
        StringBuilder rule = new("type='signal'");
        Add(rule, "sender", Sender);
        Add(rule, "path", Path);
        Add(rule, "interface", Interface);
        Add(rule, "member", Member);
        Add(rule, "arg0", Argument);
        return rule.ToString();
    }

    internal bool Matches(Message signal) =>
        (Sender is null || !IsExact(Sender) || signal.SenderAsString == Sender)
        && (Path is null || signal.PathAsString == Path)
        && (Interface is null || signal.InterfaceAsString == Interface)
        && (Member is null || signal.MemberAsString == Member)
        && (Argument is null || (signal.SignatureAsString.StartsWith('s') && signal.GetBodyReader().ReadString() == Argument));

    /// <summary>A message never has another name of its sender's than these.</summary>
    private static bool IsExact(string sender) => sender.StartsWith(':') || sender == BusConnection.Driver;

    private static void Add(StringBuilder rule, string key, string? value)
    {
        if (value is null)
        {
            return;
        }

        if (value.AsSpan().IndexOfAny('\'', '\\', '\0') >= 0)
        {
            throw new ArgumentException($"no match rule can ask for \"{value}\"", key);
        }

        rule.Append(',').Append(key).Append("='").Append(value).Append('\'');
    }
}
