using HookAgent.Bus;
using HookAgent.Core.Text;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Control;

/// <summary>A hold in words, as the verbs that make, end and show it say it.</summary>
internal static class HoldWords
{
    /// <summary>Until when, who holds the node, and why: <c>until released (also after a reboot), by root (sudo: alice): "swap DIMM 3"</c>.</summary>
    /// <param name="left">How long that is from now; null where it is not said.</param>
    public static string Whole(NodeStatus held, TimeZoneInfo zone, string? left = null)
    {
        string[] remarks = [.. left is null ? (string[])[] : [left], .. held.HoldPersistent ? (string[])["also after a reboot"] : []];
        return $"until {Until(held, zone)}{(remarks.Length > 0 ? $" ({string.Join(", ", remarks)})" : "")}, {By(held)}";
    }

    private static string By(NodeStatus held)
    {
        string reason = held.HoldReason.Length > 0 ? $": \"{Terminal.Printable(held.HoldReason)}\"" : "";
        return held.HeldBy switch
        {
            "hand-stopped" => $"because {Terminal.Printable(held.Unit)} was stopped by hand{reason}",
            "operator" => $"by {(held.HoldUser.Length > 0 ? Terminal.Printable(held.HoldUser) : "an operator")}{reason}",
            string other => $"by {Terminal.Printable(other)}{reason}",
        };
    }

    /// <summary>"Thu 2026-11-26 16:30:00 CET", or "released".</summary>
    private static string Until(NodeStatus held, TimeZoneInfo zone) =>
        UnixTime.FromUsec(held.HoldUntil) is { } end ? MomentText.Of(end, zone) : "released";

    /// <summary>Such as <c>the hold by root: "new memory"</c>.</summary>
    public static string Named(NodeStatus held) =>
        held.HeldBy == "hand-stopped" ? $"the hold that came of stopping {Terminal.Printable(held.Unit)} by hand" : $"the hold {By(held)}";
}
