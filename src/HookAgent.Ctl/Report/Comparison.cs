using System.Text.Json;
using HookAgent.Report;

namespace HookAgent.Ctl.Report;

/// <summary>One figure of two reports. Null is unknown, or nothing to measure.</summary>
/// <param name="Name">Its keys in the JSON of a report, with dots between.</param>
internal sealed record ComparedFigure(string Name, double? Before, double? After)
{
    public double? Difference => After - Before;

    /// <summary>After divided by before; null where there is no such number.</summary>
    public double? Ratio => Before is 0 ? null : After / Before;
}

/// <summary>Two reports side by side: every number that the one's JSON has, and the other's.</summary>
internal sealed record Comparison(ReportResult Before, ReportResult After, JsonElement BeforeJson, JsonElement AfterJson)
{
    public static Comparison Of(ReportResult before, ReportResult after)
    {
        using JsonDocument one = JsonDocument.Parse(ReportJson.Bytes(before));
        using JsonDocument other = JsonDocument.Parse(ReportJson.Bytes(after));
        return new Comparison(before, after, one.RootElement.Clone(), other.RootElement.Clone());
    }

    /// <summary>Those of all nodes together, in the order of the JSON.</summary>
    public List<ComparedFigure> Figures()
    {
        List<ComparedFigure> figures =
        [
            new("nodes", Before.Nodes.Count, After.Nodes.Count),
            new("span_usec", Before.Span.Length, After.Span.Length),
            new("node_usec", Before.All.TotalUsec, After.All.TotalUsec),
        ];
        Collect("", BeforeJson.GetProperty("all"), AfterJson.GetProperty("all"), figures);
        return figures;
    }

    /// <summary>An object is there in one of them alone where the other knows nothing of it.</summary>
    private static void Collect(string prefix, JsonElement? before, JsonElement? after, List<ComparedFigure> figures)
    {
        JsonElement shape = before is { ValueKind: JsonValueKind.Object } one ? one : after!.Value;
        foreach (JsonProperty property in shape.EnumerateObject())
        {
            JsonElement? ofBefore = Of(before, property.Name);
            JsonElement? ofAfter = Of(after, property.Name);
            string name = prefix + property.Name;
            if (ofBefore is { ValueKind: JsonValueKind.Object } || ofAfter is { ValueKind: JsonValueKind.Object })
            {
                Collect($"{name}.", ofBefore, ofAfter, figures);
            }
            else
            {
                figures.Add(new ComparedFigure(name, Number(ofBefore), Number(ofAfter)));
            }
        }
    }

    private static JsonElement? Of(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty(name, out JsonElement value) ? value : null;

    private static double? Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
