using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The orders of the nodes in tables and picture; all but by name have the largest first.</summary>
internal static class NodeOrder
{
    /// <summary>By name is none of them: the nodes come so.</summary>
    private static readonly Dictionary<string, Func<Figures, double>> s_keys = new()
    {
        ["lent"] = static figures => figures.Share(ReportedState.Lending),
        ["harvested"] = static figures => figures.Harvested ?? -1,
        ["jobs"] = static figures => figures.JobCount,
        ["delay"] = static figures => figures.Delays.Total,
        ["trouble"] = static figures => figures.OutOfActionUsec,
    };

    public const string ByName = "name";

    public static string Words => $"{ByName}, {string.Join(", ", s_keys.Keys.SkipLast(1))} or {s_keys.Keys.Last()}";

    public static bool IsKnown(string order) => order == ByName || s_keys.ContainsKey(order);

    public static ReportResult In(string order, ReportResult result) => s_keys.TryGetValue(order, out Func<Figures, double>? key)
        ? result with { Nodes = [.. result.ByName.OrderByDescending(node => key(node.Figures))] }
        : result;
}
