using HookAgent.Bus;
using HookAgent.Core.Text;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Control;

/// <summary>A hold in words, as the verbs that make, end and show it say it.</summary>
internal static class HoldWords
{
    /// <summary>Who holds the node, and why: <c>by root (sudo: alice): "swap DIMM 3"</c>.</summary>
    public static string By(NodeStatus held)
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
    public static string Until(NodeStatus held, TimeZoneInfo zone) =>
        UnixTime.FromUsec(held.HoldUntil) is { } end ? MomentText.Of(end, zone) : "released";

    /// <summary>Such as <c>the hold by root: "new memory"</c>.</summary>
    public static string Named(NodeStatus held) =>
        held.HeldBy == "hand-stopped" ? $"the hold that came of stopping {Terminal.Printable(held.Unit)} by hand" : $"the hold {By(held)}";
}
