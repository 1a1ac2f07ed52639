using System.Globalization;
using System.Text.Json.Nodes;
using CommandLine;
using HookAgent.Core.Jobs;
using HookAgent.Core.Text;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Jobs;

[Verb("job", HelpText = "Tell one job's story on this node, from the journal.")]
internal sealed class JobOptions : CommonOptions
{
    [Option("journalctl", Hidden = true, MetaValue = "PATH", HelpText = "Run this journalctl.")]
    public string Journalctl { get; set; } = "journalctl";

    [Option("proc", Hidden = true, MetaValue = "DIR", HelpText = "Where procfs is mounted.")]
    public string Proc { get; set; } = "/proc";
}

/// <summary>
/// <c>hookctl job 123</c>: what hook and agent wrote about a job, and whether it is still here. Asks neither the agent nor
/// Slurm. For whoever may read the journal.
/// </summary>
internal sealed class JobCommand(JobOptions options, Terminal terminal, JobId job)
{
    /// <summary>Lines on the screen, the heading with them: a job of many requeues has hundreds.</summary>
    private const int MostLines = 10;

    /// <summary>Entries that are read; a job that is requeued has about eight a run.</summary>
    private const int MostEntries = 1000;

    public static int Run(JobOptions options, Terminal terminal) =>
        JobOperand.Read(options, terminal) is { } job ? new JobCommand(options, terminal, job).Run() : ExitCode.Usage;

    private int Run()
    {
        JournalLine[] entries = [.. JournalLine.Last(options.Journalctl, $"SLURM_JOB_ID={job}", MostEntries).Reverse()];
        bool isRecorded = options.JobDirectory.Read(boot: null).Identities.ContainsKey(job);
        bool hasStep = new SlurmSteps(options.Proc).Scan().Any(step => step.Job == job);
        if (options.Json)
        {
            JsonLine.Write(terminal.Out, Json(entries, isRecorded, hasStep));
        }
        else if (entries.Length > 0)
        {
            Write(entries, isRecorded, hasStep);
        }
        else
        {
            string where = isRecorded || hasStep ? $"job {job} is on this node, but the" : "the";
            string others = Environment.IsPrivilegedProcess ? "" : " that you may read (root and the groups adm and systemd-journal may read all of it)";
            return terminal.Fail($"{where} journal of this node has nothing about job {job}{others}; 'sacct -j {job} -o NodeList' says on which nodes the job was: ask there");
        }

        return ExitCode.Done;
    }

    private void Write(JournalLine[] entries, bool isRecorded, bool hasStep)
    {
        TimeZoneInfo zone = LocalZone.For(terminal);
        string now = (isRecorded, hasStep) switch
        {
            (true, true) => "it is on this node",
            (true, false) => "it has a record, and no slurmstepd is seen",
            (false, true) => "it has a slurmstepd, and no record",
            (false, false) => "it is not on this node now",
        };
        terminal.Say($"Job {job} on {HostName.Short}, from {MomentText.Of(At(entries[0]), zone)}; {now}.");
        int room = MostLines - 1;
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries.Length > room && i == room / 2)
            {
                int left = entries.Length - room + 1;
                terminal.Say($"  … {Plural.Of(left, "line")} left out; 'journalctl SLURM_JOB_ID={job}' shows all");
                i += left;
            }

            string time = TimeZoneInfo.ConvertTime(At(entries[i]), zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            terminal.Say($"  {time}  {Terminal.Printable(entries[i].Message)}", indent: 16);
        }
    }

    /// <summary>For programs, as hookctl(1) documents it key by key.</summary>
    private JsonObject Json(JournalLine[] entries, bool isRecorded, bool hasStep) => new()
    {
        ["job"] = job.Value,
        ["recorded"] = isRecorded,
        ["slurmstepd"] = hasStep,
        ["entries"] = new JsonArray([.. entries.Select(static entry => new JsonObject
        {
            ["at"] = JsonLine.Time(At(entry)),
            ["priority"] = entry.Priority,
            ["message"] = entry.Message,
        })]),
    };

    private static DateTimeOffset At(JournalLine entry) => UnixTime.FromUsec(entry.RealtimeUsec) ?? DateTimeOffset.UnixEpoch;
}
