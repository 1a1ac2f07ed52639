using CommandLine;

namespace HookAgent.Ctl.Reconcile;

[Verb("reconcile", HelpText = "Ask Slurm which jobs are on this node and forget all others (root only).")]
internal sealed class ReconcileOptions : CommonOptions
{
    [Option("node", MetaValue = "NAME", HelpText = "The node's name in slurm.conf, where neither the host name nor slurmd's -N gives it.")]
    public string? Node { get; set; }

    [Option("squeue", Hidden = true, MetaValue = "PATH", HelpText = "Run this squeue.")]
    public string? Squeue { get; set; }
}
