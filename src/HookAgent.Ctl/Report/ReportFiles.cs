using System.Globalization;
using HookAgent.Ctl.Host;
using HookAgent.Report;
using HookAgent.Report.Drawing;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The files that the report writes beside its text: intervals, lendings, picture and page, each if it is wanted.</summary>
internal sealed class ReportFiles : IDisposable
{
    private readonly AtomicFile? _intervals;
    private readonly AtomicFile? _lendings;
    private readonly AtomicFile? _picture;
    private readonly AtomicFile? _page;
    private readonly TimelinePage _timelines;
    private readonly Dictionary<NodeFigures, Lane> _lanes = [];
    private readonly TimeZoneInfo _zone;

    /// <summary>Begins them, before anything is read, which may take a while.</summary>
    /// <exception cref="IOException">One of them cannot be written.</exception>
    public ReportFiles(ReportOptions options, TextWriter standardOutput, TimeZoneInfo zone)
    {
        _zone = zone;
        _timelines = new TimelinePage(zone);
        try
        {
            _intervals = Begin(options.Csv, standardOutput);
            _lendings = Begin(options.Lendings, standardOutput);
            _picture = Begin(options.Svg, standardOutput);
            _page = Begin(options.Html, standardOutput);
        }
        catch
        {
            Dispose();
            throw;
        }

        // Comma-separated values of RFC 4180, but with line feeds alone.
        _intervals?.Writer.Write("node,machine_id,state,reason,from,to,seconds,jobs,handover_seconds\n");
        _lendings?.Writer.Write("node,machine_id,from,to,seconds,stop,connected_seconds,first_task_seconds,tasks_started,tasks_aborted,tasks_lost_seconds\n");
    }

    public void Add(NodeFigures node, NodeTimeline timeline)
    {
        string name = $"{Cell(node.HostName)},{Cell(node.MachineId)}";
        int handovers = 0;
        foreach (Interval interval in _intervals is null ? [] : timeline.Intervals)
        {
            string jobs = string.Join(' ', timeline.JobsOf(interval).ToArray());
            long? handover = null;
            for (; handovers < timeline.Handovers.Count && timeline.Handovers[handovers].At <= interval.To; handovers++)
            {
                handover = timeline.Handovers[handovers].Usec;
            }

            _intervals?.Writer.Write(
                $"{name},{interval.State.Word()},{interval.Reason},{TimeText.Rfc3339(interval.From)},{TimeText.Rfc3339(interval.To)},{Seconds(interval.Length)},{jobs},{Seconds(handover)}\n");
        }

        foreach (Lending lending in _lendings is null ? [] : timeline.Lendings)
        {
            _lendings?.Writer.Write($"{name},{Row(lending)}\n");
        }

        if (_picture is not null)
        {
            _lanes.Add(node, Lane.Of(node.Label, timeline, _zone));
        }

        if (_page is not null)
        {
            _timelines.Add(node, timeline);
        }
    }

    /// <summary>Draws picture and page, their lanes in the order of the nodes, and puts the files into place.</summary>
    /// <exception cref="IOException">What was written does not fit, or a file cannot be put into its place.</exception>
    public void Finish(ReportResult result)
    {
        if (_picture is not null)
        {
            new TimelineSvg([.. result.Nodes.Select(node => _lanes[node])], result.All, result.Span, _zone).Write(_picture.Writer);
        }

        if (_page is not null)
        {
            _timelines.Write(_page.Writer, result);
        }

        _intervals?.Finish();
        _lendings?.Finish();
        _picture?.Finish();
        _page?.Finish();
    }

    public void Dispose()
    {
        _intervals?.Dispose();
        _lendings?.Dispose();
        _picture?.Dispose();
        _page?.Dispose();
    }

    private static AtomicFile? Begin(string? path, TextWriter standardOutput) =>
        path is null ? null : IsStandardOutput(path) ? new AtomicFile(standardOutput) : new AtomicFile(path);

    /// <summary>Then there is no other report, which would be mixed with it.</summary>
    public static bool IsStandardOutput(string? path) => path is "-" or "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    /// <summary>What is not known is empty.</summary>
    private static string Row(Lending lending)
    {
        bool isAllKnown = lending.HasLines && !lending.IsEndWithoutList;
        return string.Join(
            ',',
            TimeText.Rfc3339(lending.From),
            lending.To is { } to ? TimeText.Rfc3339(to) : "",
            Seconds(lending.To - lending.From),
            lending.End.Word(),
            Seconds(lending.Connected),
            Seconds(lending.FirstTask),
            Number(lending.HasLines ? lending.Started : null),
            Number(isAllKnown || lending.Aborted > 0 ? lending.Aborted : null),
            Seconds(lending.Aborted > lending.Untimed || (isAllKnown && lending.Aborted == 0) ? lending.LostUsec : null));
    }

    private static string Number(long? number) => number is { } known ? known.ToString(CultureInfo.InvariantCulture) : "";

    private static string Seconds(long? usec) => usec is { } known ? (known / 1e6).ToString("0.000000", CultureInfo.InvariantCulture) : "";

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
