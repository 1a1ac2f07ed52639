using CommandLine;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Jobs;

[Verb("jobs", HelpText = "List the job records of this node, and whether their jobs are seen to run.")]
internal sealed class JobsOptions : CommonOptions
{
    [Option("proc", Hidden = true, MetaValue = "DIR", HelpText = "Where procfs is mounted.")]
    public string Proc { get; set; } = "/proc";
}

/// <summary>
/// <c>hookctl jobs</c>: what lies in the record directory, and which slurmstepd run. It asks neither the agent nor
/// Slurm, so that it also shows where they disagree. Anyone may run it.
/// </summary>
internal static class JobsCommand
{
    public static int Run(JobsOptions options, Terminal terminal) => Run(options, terminal, JobClock.Read());

    /// <param name="clock">When the records are looked at; ages and stale records depend on it.</param>
    public static int Run(JobsOptions options, Terminal terminal, JobClock clock)
    {
        JobDirectory directory = options.JobDirectory;
        JobReading reading = directory.Read(BootId.Read(Path.Combine(options.RunDirectory, BootId.FileName), out _));
        if (reading.Directory != DirectoryCondition.Readable)
        {
            return terminal.Fail(JobRow.WhyUnreadable(directory.Path, reading));
        }

        HashSet<JobId> steps = [.. new SlurmSteps(options.Proc).Scan().Select(static step => step.Job)];
        JobsReport report = new(
            directory.Path,
            JobRow.Of(reading, steps, clock),
            [.. reading.Unreadable.Where(static entry => entry.Job is null).Select(static entry => entry.Name)]);
        if (options.Json)
        {
            JsonLine.Write(terminal.Out, JobsOutput.Json(report));
        }
        else if (options.IsShort)
        {
            terminal.Out.WriteLine(JobsOutput.Short(report));
        }
        else
        {
            new JobsOutput(terminal, LocalZone.For(terminal), !options.NoLegend).Write(report);
        }

        return ExitCode.Done;
    }
}

/// <param name="Directory">The record directory's path.</param>
/// <param name="Foreign">Names in it that no job can have. They keep the provider off.</param>
internal sealed record JobsReport(string Directory, IReadOnlyList<JobRow> Rows, IReadOnlyList<string> Foreign);
