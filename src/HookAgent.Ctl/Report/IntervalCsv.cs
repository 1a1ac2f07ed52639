using System.Globalization;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>Every interval as a line of comma-separated values (RFC 4180, with line feeds alone).</summary>
internal sealed class IntervalCsv
{
    private readonly TextWriter _to;
    private readonly ReasonList _reasons;

    public IntervalCsv(TextWriter to, ReasonList reasons)
    {
        (_to, _reasons) = (to, reasons);
        to.Write("node,machine_id,state,reason,from,to,seconds,jobs\n");
    }

    public void Write(NodeHistory node, NodeTimeline timeline)
    {
        string name = $"{Cell(node.HostName)},{Cell(node.MachineId)}";
        foreach (Interval interval in timeline.Intervals)
        {
            _to.Write(name);
            _to.Write(',');
            _to.Write(interval.State.Word());
            _to.Write(',');
            _to.Write(_reasons[interval.Reason]);
            _to.Write(',');
            _to.Write(ReportTime.Rfc3339(interval.From));
            _to.Write(',');
            _to.Write(ReportTime.Rfc3339(interval.To));
            _to.Write(',');
            _to.Write((interval.Length / 1e6).ToString("0.000000", CultureInfo.InvariantCulture));
            _to.Write(',');
            _to.Write(string.Join(' ', timeline.JobsOf(interval).ToArray()));
            _to.Write('\n');
        }
    }

    internal static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
