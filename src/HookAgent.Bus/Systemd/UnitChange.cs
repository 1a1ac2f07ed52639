using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Systemd;

/// <summary>What systemd tells of a unit that changed; null for what it did not mention.</summary>
public sealed record UnitChange(string? ActiveState, string? SubState)
{
    /// <summary>Reads a PropertiesChanged signal, whose first argument the match rule has looked at.</summary>
    internal static UnitChange? TryRead(BusMessage signal)
    {
        string? activeState = null;
        string? subState = null;
        bool read = signal.TrySkip("s") && signal.TryReadProperties((name, value) => name switch
        {
            "ActiveState" => value.TryReadVariantString(out activeState),
            "SubState" => value.TryReadVariantString(out subState),
            _ => false,
        });
        return read ? new UnitChange(activeState, subState) : null;
    }
}
