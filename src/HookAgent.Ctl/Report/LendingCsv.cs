using System.Globalization;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>Every lending as a line of comma-separated values, in the form of <see cref="IntervalCsv"/>. What is not known is empty.</summary>
internal sealed class LendingCsv
{
    private readonly TextWriter _to;

    public LendingCsv(TextWriter to)
    {
        _to = to;
        to.Write("node,machine_id,from,to,seconds,stop,connected_seconds,first_task_seconds,tasks_started,tasks_aborted,tasks_lost_seconds\n");
    }

    public void Write(NodeHistory node, NodeTimeline timeline)
    {
        string name = $"{IntervalCsv.Cell(node.HostName)},{IntervalCsv.Cell(node.MachineId)}";
        foreach (Lending lending in timeline.Lendings)
        {
            bool all = lending.Heard && !lending.EndUntold;
            _to.Write(string.Join(
                ',',
                name,
                ReportTime.Rfc3339(lending.From),
                lending.To is { } to ? ReportTime.Rfc3339(to) : "",
                Seconds(lending.To - lending.From),
                lending.End.Word(),
                Seconds(lending.Connected),
                Seconds(lending.FirstTask),
                lending.Heard ? Number(lending.Started) : "",
                all || lending.Aborted > 0 ? Number(lending.Aborted) : "",
                lending.Aborted > lending.Untimed || (all && lending.Aborted == 0) ? Seconds(lending.LostUsec) : ""));
            _to.Write('\n');
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(long? usec) => usec is { } known ? (known / 1e6).ToString("0.000000", CultureInfo.InvariantCulture) : "";
}
