using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Core.Text;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Jobs;

/// <summary>The jobs for people and for programs.</summary>
/// <param name="legend">Whether to write a heading, and what an operator may do.</param>
internal sealed class JobsOutput(Terminal terminal, TimeZoneInfo zone, bool legend = true)
{
    private static readonly string[] Heading = ["JOBID", "USER", "AGE", "END_TIME", "STEPD", "REMARK"];

    /// <summary>For people: a line a job, then what an operator may want to do about some of them.</summary>
    public void Write(JobsReport report)
    {
        if (report.Rows.Count == 0)
        {
            terminal.Say("No job on this node: no record, and no slurmstepd.");
        }
        else
        {
            TextTable.Write(terminal.Out, [.. legend ? (string[][])[Heading] : [], .. report.Rows.Select(Row)], width: terminal.Width);
        }

        if (!legend)
        {
            return;
        }

        foreach (JobRow broken in report.Rows.Where(static row => row.Kind == RecordKind.Unreadable))
        {
            terminal.Say($"The record of job {broken.Job} cannot be read: {broken.Problem}. The job counts as running; 'hookctl reconcile' asks Slurm.");
        }

        foreach (JobRow stale in report.Rows.Where(static row => row.IsStale))
        {
            terminal.Say($"Job {stale.Job} is past its END_TIME and has no slurmstepd: if Slurm no longer has it, 'hookctl reconcile' or 'hookctl forget {stale.Job}' frees the node.");
        }

        if (report.Rows.Any(static row => row is { Kind: RecordKind.Readable, Record.EndTime: null }))
        {
            terminal.Say("END_TIME -: Slurm did not tell the hook when the job must end (22.05 tells no Prolog). Whether such a job is still there, 'squeue' and 'hookctl reconcile' know.");
        }

        foreach (string name in report.Foreign)
        {
            terminal.Say($"'{Terminal.Printable(name)}' in {report.Directory} is no record and keeps the provider off; remove it by hand.");
        }
    }

    private string[] Row(JobRow row) =>
    [
        row.Job.ToString(),
        Terminal.Printable(row.Record?.User ?? row.Record?.Uid?.ToString(CultureInfo.InvariantCulture) ?? "-"),
        row.Age is { } age ? AgeText.Of(age) : "-",
        row.Record?.EndTime is { } end && UnixTime.FromUnixSeconds(end) is { } time
            ? MomentText.Of(time, zone)
            : "-",
        row.HasStep ? "yes" : "no",
        Remark(row),
    ];

    /// <summary>In the last column, so that the characters of a colour shift no other column.</summary>
    private string Remark(JobRow row) => row.Kind switch
    {
        RecordKind.Readable => row.IsStale ? terminal.Paint("stale", Colour.Yellow) : "",
        RecordKind.Unreadable => terminal.Paint("unreadable", Colour.Red),
        RecordKind.OtherBoot => terminal.Paint("another boot", Colour.Yellow),
        RecordKind.None => terminal.Paint("no record", Colour.Red),
    };

    /// <summary>In one line: how many, and which.</summary>
    public static string Short(JobsReport report) => report.Rows.Count == 0 ? "no job"
        : $"{Plural.Of(report.Rows.Count, "job")} ({JobRanges.Of(report.Rows.Select(static row => row.Job))})";

    /// <summary>For programs, as hookctl(1) documents it key by key.</summary>
    public static JsonObject Json(JobsReport report) => new()
    {
        ["directory"] = report.Directory,
        ["jobs"] = new JsonArray([.. report.Rows.Select(Json)]),
        ["foreign"] = JsonLine.Strings(report.Foreign),
    };

    private static JsonObject Json(JobRow row) => new()
    {
        ["job"] = row.Job.Value,
        ["record"] = RecordWord(row.Kind),
        ["problem"] = row.Problem,
        ["slurmstepd"] = row.HasStep,
        ["stale"] = row.IsStale,
        ["age_usec"] = row.Age is { } age ? (ulong)age.TotalMicroseconds : (ulong?)null,
        ["started"] = JsonLine.Time(row.Record?.StartedUsec is { } usec ? UnixTime.FromUsec((ulong)usec) : null),
        ["end_time"] = JsonLine.Time(row.Record?.EndTime is { } end ? UnixTime.FromUnixSeconds(end) : null),
        ["uid"] = row.Record?.Uid,
        ["user"] = row.Record?.User,
        ["partition"] = row.Record?.Partition,
        ["cpus"] = row.Record?.Cpus,
        ["restart"] = row.Record?.Restart,
    };

    private static string RecordWord(RecordKind kind) => kind switch
    {
        RecordKind.Readable => "readable",
        RecordKind.Unreadable => "unreadable",
        RecordKind.OtherBoot => "other-boot",
        RecordKind.None => "none",
    };
}
