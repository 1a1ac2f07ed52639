using CommandLine;

namespace HookAgent.Ctl.Reconcile;

[Verb("reconcile", HelpText = "Ask Slurm which jobs are on this node and forget all others (root only).")]
internal sealed class ReconcileOptions : CommonOptions
{
    [Option("node", MetaValue = "NAME", HelpText = "The node's name in slurm.conf, where Slurm has it at no name of this host's and slurmd has no -N.")]
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
