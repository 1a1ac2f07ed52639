using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Forget;

/// <summary>
/// <c>hookctl forget</c>: has the daemon drop one job, its record too. The daemon never does that by itself, because
/// a record without a process may still be a job; here an operator says that it is none.
/// </summary>
internal static class ForgetCommand
{
    public static int Run(ForgetOptions options, Terminal terminal)
    {
        string word = options.Words.Single();
        if (!JobId.TryParse(word, out JobId job))
        {
            return terminal.Refuse($"'{word}' is no job id of Slurm's, which is a number from 1 to 4294967293 without leading zeros; 'hookctl jobs' lists those on this node");
        }

        if (!DaemonLink.TryOpen(options.Bus, out DaemonLink? link, out string? sentence))
        {
            return terminal.Fail(sentence);
        }

        using (link)
        {
            // The record is the one that is there now, so that a later one of the same job is not dropped.
            JobDirectory directory = new(Path.Combine(options.RunDirectory, "jobs"));
            string record = directory.Read(boot: null).Identities.TryGetValue(job, out RecordIdentity identity) ? identity.ToString() : "";
            NodeAnswer answer = link.Node.GetStatus(out NodeStatus? before);
            answer = before is null ? answer : link.Node.Forget(word, record);
            if (before is null || !answer.IsOk)
            {
                return terminal.Fail(DaemonLink.Sentence(answer));
            }

            bool isRunning = new SlurmSteps(options.Proc).Scan().Any(step => step.Job == job);
            bool isRecorded = directory.Read(boot: null).Identities.ContainsKey(job);
            return Tell(new Outcome(job, before.Jobs.Contains(word), isRecorded, isRunning), link, options.Json, terminal);
        }
    }

    /// <param name="WasKnown">Whether it was in the books.</param>
    /// <param name="IsRecorded">Whether it has a record all the same: another than the one that was dropped.</param>
    /// <param name="IsRunning">Whether a slurmstepd of it is seen all the same.</param>
    private sealed record Outcome(JobId Job, bool WasKnown, bool IsRecorded, bool IsRunning);

    private static int Tell(Outcome outcome, DaemonLink link, bool asJson, Terminal terminal)
    {
        if (asJson)
        {
            if (StatusReading.Of(link, out NodeAnswer answer) is not { } reading)
            {
                return terminal.Fail(DaemonLink.Sentence(answer));
            }

            JsonLine.Write(terminal.Out, json =>
            {
                json.WriteNumber("job", outcome.Job.Value);
                json.WriteBoolean("was_known", outcome.WasKnown);
                json.WriteBoolean("recorded", outcome.IsRecorded);
                json.WriteBoolean("slurmstepd", outcome.IsRunning);
                json.WriteStartObject("status");
                StatusJson.WriteMembers(json, reading);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        terminal.Out.WriteLine(outcome.IsRecorded
            ? $"Job {outcome.Job} has a record all the same: it started anew meanwhile, or 'journalctl -u hookagentd' tells why it could not be removed."
            : outcome.WasKnown
            ? $"Job {outcome.Job} is forgotten, its record removed."
            : $"Job {outcome.Job} was not in the books of this node; nothing was changed.");
        if (outcome.IsRunning)
        {
            terminal.Out.WriteLine($"A slurmstepd of job {outcome.Job} runs all the same: the node is not lent before it ends. 'squeue' tells what Slurm knows of the job.");
        }

        return link.TellState(terminal);
    }
}
