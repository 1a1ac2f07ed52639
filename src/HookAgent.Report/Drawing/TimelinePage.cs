using System.Net;
using System.Text;
using System.Text.Json;
using HookAgent.Core.Text;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>
/// One HTML page with the timelines of all nodes, to be explored with pointer and keys. It needs no other file and no
/// network: <c>page.html</c>, into which the report is put as JSON. Times in it are milliseconds since the span's beginning.
/// </summary>
internal sealed class TimelinePage(TimeZoneInfo zone)
{
    private static readonly TimeSpan s_zoneStep = TimeSpan.FromMinutes(15);

    /// <summary>A zone changes its offset twice a year; the steps are as long as that leaves them few.</summary>
    private const int MostZoneSteps = 40_000;

    private readonly Dictionary<string, int> _reasons = [];
    private readonly Dictionary<NodeFigures, byte[]> _nodes = [];

    /// <summary>Takes in what the page shows of a node.</summary>
    public void Add(NodeFigures node, NodeTimeline timeline)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            WriteNode(json, node.Label, timeline);
        }

        _nodes.Add(node, stream.ToArray());
    }

    /// <summary>Writes the page, with the nodes in the order of the report.</summary>
    public void Write(TextWriter to, ReportResult result)
    {
        ReportTitle title = ReportTitle.Of([.. result.Nodes.Select(static node => node.Label)], result.All, result.Span, zone);
        using Stream template = typeof(TimelinePage).Assembly.GetManifestResourceStream("page.html") ?? throw new InvalidOperationException("page.html is not in the program");
        using StreamReader lines = new(template);
        while (lines.ReadLine() is { } line)
        {
            int at = line.IndexOf("@REPORT@", StringComparison.Ordinal);
            if (at < 0)
            {
                to.Write(line.Replace("@TITLE@", WebUtility.HtmlEncode(title.Answer), StringComparison.Ordinal)
                    .Replace("@WHEN@", WebUtility.HtmlEncode($"{title.When} · {title.Handovers}"), StringComparison.Ordinal));
            }
            else
            {
                to.Write(line[..at]);
                WriteReport(to, result);
                to.Write(line[(at + "@REPORT@".Length)..]);
            }

            to.Write('\n');
        }
    }

    private void WriteNode(Utf8JsonWriter json, string name, NodeTimeline timeline)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("intervals");
        foreach (Interval interval in timeline.Intervals)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Milliseconds(interval.From - timeline.Span.From));
            json.WriteNumberValue((int)interval.State);
            json.WriteNumberValue(NumberOf(interval.Reason));
            if (interval.JobCount > 0)
            {
                json.WriteStringValue(string.Join(' ', timeline.JobsOf(interval).ToArray()));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("handovers");
        foreach (HandoverMark handover in timeline.Handovers)
        {
            WriteNumbers(json, Milliseconds(handover.At - timeline.Span.From), handover.Job, handover.Usec / 1e3, handover.OverlapUsec / 1e3);
        }

        json.WriteEndArray();
        json.WriteStartArray("aborts");
        foreach (AbortMark abort in timeline.Aborts)
        {
            WriteNumbers(json, Milliseconds(abort.At - timeline.Span.From), abort.Tasks, abort.LostUsec / 1e3);
        }

        json.WriteEndArray();
        json.WriteStartArray("lendings");
        foreach (Lending lending in timeline.Lendings)
        {
            WriteLending(json, lending, timeline.Span.From);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What is not known is left out.</summary>
    private static void WriteLending(Utf8JsonWriter json, Lending lending, long from)
    {
        json.WriteStartObject();
        json.WriteNumber("from", Milliseconds(lending.From - from));
        Write("to", lending.To - from);
        Write("connected", lending.Connected);
        Write("firstTask", lending.FirstTask);
        if (lending.HasLines)
        {
            json.WriteNumber("started", lending.Started);
        }

        if (lending.End.Word() is { Length: > 0 } end)
        {
            json.WriteString("end", end);
        }

        json.WriteEndObject();

        void Write(string name, long? usec)
        {
            if (usec is { } known)
            {
                json.WriteNumber(name, Milliseconds(known));
            }
        }
    }

    private void WriteReport(TextWriter to, ReportResult result)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("from", Milliseconds(result.Span.From));
            json.WriteNumber("span", Math.Max(1, Milliseconds(result.Span.Length)));
            WriteStates(json, result.All);
            json.WriteString("abortedFill", Palette.Aborted);
            json.WriteStartArray("reasons");
            Array.ForEach([.. _reasons.Keys], json.WriteStringValue);
            json.WriteEndArray();
            WriteZones(json, result.Span);
            json.WriteStartArray("nodes");
            foreach (NodeFigures node in result.Nodes)
            {
                // As the writer has written it, so it needs no check.
                json.WriteRawValue(_nodes[node], skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        to.Write(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void WriteStates(Utf8JsonWriter json, Figures all)
    {
        json.WriteStartArray("states");
        foreach (ReportedState state in ReportedStates.All)
        {
            json.WriteStartObject();
            json.WriteString("word", state.Word());
            json.WriteString("share", all.Usec(state) == 0 ? "" : TimeText.Percent(all.Share(state)));
            json.WriteString("fill", Palette.Of(state));
            json.WriteString("shape", Palette.ShapeOf(state) switch { Shape.Hatched => "hatched", Shape.Thin => "thin", Shape.Full => "full" });
            if (Palette.ShapeOf(state) is Shape.Hatched)
            {
                json.WriteString("between", Palette.Between(state));
                json.WriteString("hatch", state switch { ReportedState.Held => "up", ReportedState.Failed => "down", _ => "dots" });
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("stack");
        foreach (ReportedState state in NodeCounts.Stack)
        {
            json.WriteNumberValue((int)state);
        }

        json.WriteEndArray();
    }

    /// <summary>The zone's offset and name, and what they change to within the span.</summary>
    private void WriteZones(Utf8JsonWriter json, ReportSpan span)
    {
        json.WriteStartArray("zones");
        long step = Math.Max(s_zoneStep.Ticks / TimeSpan.TicksPerMicrosecond, span.Length / MostZoneSteps);
        (TimeSpan Offset, string Name) last = default;
        for (long at = 0; at <= span.Length; at += step)
        {
            DateTimeOffset moment = TimeText.Moment(span.From + at);
            (TimeSpan Offset, string Name) here = (zone.GetUtcOffset(moment), MomentText.ZoneOf(moment, zone));
            if (at == 0 || here != last)
            {
                json.WriteStartObject();
                json.WriteNumber("at", Milliseconds(at));
                json.WriteNumber("offset", (long)here.Offset.TotalMilliseconds);
                json.WriteString("name", here.Name);
                json.WriteEndObject();
                last = here;
            }
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, params ReadOnlySpan<double> numbers)
    {
        json.WriteStartArray();
        foreach (double number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private int NumberOf(string reason)
    {
        if (!_reasons.TryGetValue(reason, out int number))
        {
            _reasons.Add(reason, number = _reasons.Count);
        }

        return number;
    }

    private static long Milliseconds(long usec) => usec / 1000;
}
