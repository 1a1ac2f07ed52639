using System.Runtime.InteropServices;
using CommandLine;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Jobs;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Reconcile;

[Verb("reconcile", HelpText = "Ask Slurm which jobs are on this node and forget all others (root only).")]
internal sealed class ReconcileOptions : CommonOptions
{
    [Option("node", MetaValue = "NAME", HelpText = "The node's name in slurm.conf, if it is neither this host's name or address nor given to slurmd with -N.")]
    public string? Node { get; set; }

    [Option("squeue", Hidden = true, MetaValue = "PATH", HelpText = "Run this squeue.")]
    public string? Squeue { get; set; }

    [Option("scontrol", Hidden = true, MetaValue = "PATH", HelpText = "Run this scontrol.")]
    public string? Scontrol { get; set; }

    [Option("systemctl", Hidden = true, MetaValue = "PATH", HelpText = "Run this systemctl.")]
    public string? Systemctl { get; set; }

    [Option("root", Hidden = true, MetaValue = "DIR", HelpText = "Look at the files below this folder.")]
    public string Root { get; set; } = "/";

    [Option("proc", Hidden = true, MetaValue = "DIR", HelpText = "Where procfs is mounted.")]
    public string Proc { get; set; } = "/proc";
}

/// <summary>
/// <c>hookctl reconcile</c>: asks Slurm which jobs are on this node, and has the agent forget the others.
/// The order makes it safe beside jobs that come and go: only what was recorded before squeue was asked, and
/// is unchanged after it answered, can be forgotten. Until then nothing is changed. The directory's proof is made last,
/// when the agent has the list, so that the proof is true at every moment.
/// </summary>
internal static class ReconcileCommand
{
    public static int Run(ReconcileOptions options, Terminal terminal)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return terminal.Fail("only root may reconcile; try it with sudo");
        }

        JobDirectory directory = options.JobDirectory;
        using DirectoryProof proof = new(directory.Path);
        JobReading before = directory.Read(boot: null);
        if (before.Directory != DirectoryCondition.Readable)
        {
            return terminal.Fail(JobRow.WhyUnreadable(directory.Path, before));
        }

        return AgentConnection.Use(options.Bus, terminal, agent =>
        {
            // An agent that does not run is reported at once, not after squeue's time.
            NodeAnswer answer = agent.Node.GetStatus(out _);
            if (!answer.IsOk)
            {
                return terminal.Fail(AgentConnection.Explain(answer));
            }

            SystemRoot root = new(options.Root);
            SlurmQuery slurm = new(
                LocalSlurmd.Find(options.Proc), SlurmdUnits.All(root, options.Systemctl ?? "systemctl"), root,
                ThisHost.Find(options.Proc, root), options.Node, options.Squeue, options.Scontrol);
            return slurm.Ask() switch
            {
                SqueueAnswer.Listed listed => Apply(agent, Confirmed(slurm, ReconcilePlan.Of(listed, before, directory.Read(boot: null))), directory, proof, options, terminal),
                SqueueAnswer.Failed failed => terminal.Fail($"{failed.Sentence}. Nothing was changed."),
                _ => throw new InvalidOperationException("an answer that is neither"),
            };
        });
    }

    /// <summary>If Slurm does not answer a second time, its first answer counts: unknown is busy.</summary>
    private static ReconcilePlan Confirmed(SlurmQuery slurm, ReconcilePlan plan) =>
        plan.MustAskAgain && slurm.Ask() is SqueueAnswer.Listed again ? plan.Confirmed(again) : plan;

    private static int Apply(AgentConnection agent, ReconcilePlan plan, JobDirectory directory, DirectoryProof proof, ReconcileOptions options, Terminal terminal)
    {
        NodeAnswer reconciled = agent.Node.Reconciled(
            [.. plan.HandedOver.Select(static job => job.ToString())],
            [.. plan.Forget.Select(job => KeyValuePair.Create(job.ToString(), plan.Identities[job].ToString()))]);
        if (!reconciled.IsOk)
        {
            return terminal.Fail($"the list of jobs could not be handed over: {AgentConnection.Explain(reconciled)}");
        }

        if (proof.Make() is var errno and not 0)
        {
            string why = errno == Errno.NoSuchEntry ? "the directory was replaced while Slurm was asked; try again" : Marshal.GetPInvokeErrorMessage(errno);
            return terminal.Fail($"the agent has the list, but {directory.Path}/{DirectoryProof.FileName}, which marks the directory as complete, could not be made: {why}");
        }

        NodeAnswer seen = agent.Node.Refresh();
        if (!seen.IsOk)
        {
            return terminal.Fail(AgentConnection.Explain(seen));
        }

        plan = plan.Without(directory.Read(boot: null));
        if (options.Json)
        {
            JsonLine.Write(terminal.Out, plan.Json());
            return ExitCode.Done;
        }

        plan.Print(terminal);
        return StateAnswer.Answer(options, terminal, agent, seen, after => StateAnswer.Say(terminal, after));
    }
}
