using System.Text.Json.Nodes;
using CommandLine;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Jobs;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Control;

[Verb("forget", HelpText = "Forget one job that Slurm no longer knows (root only).")]
internal sealed class ForgetOptions : CommonOptions
{
    [Option("proc", Hidden = true, MetaValue = "DIR", HelpText = "Where procfs is mounted.")]
    public string Proc { get; set; } = "/proc";
}

/// <summary>
/// <c>hookctl forget</c>: has the agent drop one job, its record too. The agent never does that by itself, because
/// a record without a process may still be a job; here an operator says that it is none.
/// </summary>
internal static class ForgetCommand
{
    public static int Run(ForgetOptions options, Terminal terminal)
    {
        if (JobOperand.Read(options, terminal) is not { } job)
        {
            return ExitCode.Usage;
        }

        return AgentConnection.Use(options.Bus, terminal, agent =>
        {
            // The record is the one that is there now, so that a later one of the same job is not dropped.
            JobDirectory directory = options.JobDirectory;
            string record = directory.Read(boot: null).Identities.TryGetValue(job, out RecordIdentity identity) ? identity.ToString() : "";
            NodeAnswer answer = agent.Node.GetStatus(out NodeStatus? before);
            answer = before is null ? answer : agent.Node.Forget(job.ToString(), record);
            if (before is null || !answer.IsOk)
            {
                return terminal.Fail(AgentConnection.Explain(answer));
            }

            bool wasKnown = before.Jobs.Contains(job.ToString());
            bool isRunning = new SlurmSteps(options.Proc).Scan().Any(step => step.Job == job);
            bool isRecorded = directory.Read(boot: null).Identities.ContainsKey(job);
            if (options.Json)
            {
                return StateAnswer.WriteJson(agent, terminal, reading => new JsonObject
                {
                    ["job"] = job.Value,
                    ["was_known"] = wasKnown,
                    ["recorded"] = isRecorded,
                    ["slurmstepd"] = isRunning,
                    ["status"] = StatusJson.Of(reading),
                });
            }

            terminal.Say(
                isRecorded ? $"Job {job} still has a record: it started again meanwhile, or the record could not be removed; see 'journalctl -u hookagentd'."
                : wasKnown ? $"Job {job} is forgotten, its record removed."
                : $"Job {job} is not known on this node; nothing was changed.");
            if (isRunning)
            {
                terminal.Say($"Job {job} still has a slurmstepd: the node is not lent before it ends. See 'squeue -j {job}' for what Slurm knows of the job.");
            }

            return StateAnswer.Answer(options, terminal, agent, answer, after => StateAnswer.Say(terminal, after));
        });
    }
}
