using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

public enum HoldKind
{
    /// <summary>Asked for with <c>hookctl hold</c>: ends by release or when its time runs out.</summary>
    Operator,

    /// <summary>Inferred from a stop job that was not ours: ends by release or by a start by hand.</summary>
    HandStopped,
}

/// <summary>An operator's word that keeps the provider off.</summary>
/// <param name="By">Who asked, for people: "root", "root (sudo: alice)", or "systemctl".</param>
/// <param name="Text">Why, in the operator's words; may be empty.</param>
/// <param name="Until">When it ends; null without an end.</param>
/// <param name="UntilRealtime">The same on the wall clock, to tell people and to outlive a reboot.</param>
/// <param name="Persistent">Kept over a reboot.</param>
public sealed record Hold(
    HoldKind Kind, string By, string Text, BootTime? Until, DateTimeOffset? UntilRealtime, bool Persistent) : Unprinted
{
    /// <summary>When it was asked for, on the wall clock; null where nobody wrote that down.</summary>
    public DateTimeOffset? Since { get; init; }
}
