namespace HookAgent.Ctl.Status;
internal sealed record NodeStatus(string State, string Reason, DateTimeOffset? Since, IReadOnlyList<string> Jobs, string Unit, string UnitState, string HeldBy, string HoldReason, DateTimeOffset? HoldUntil, TimeSpan? LastHandover);
