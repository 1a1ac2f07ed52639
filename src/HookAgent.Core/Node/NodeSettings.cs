namespace HookAgent.Core.Node;

/// <summary>What of the settings the decisions depend on; ranges are checked where the settings are read.</summary>
public sealed record NodeSettings(
    TimeSpan IdleDelay, TimeSpan StartJitter, TimeSpan StopGrace, TimeSpan PrologWait, bool RequiresUnit) : Unprinted;
