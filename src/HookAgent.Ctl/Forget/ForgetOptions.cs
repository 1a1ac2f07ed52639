using CommandLine;

namespace HookAgent.Ctl.Forget;

[Verb("forget", HelpText = "Take one job that Slurm does not know any more out of the node's books (root only).")]
internal sealed class ForgetOptions : CommonOptions
{
    [Option("proc", Hidden = true, MetaValue = "DIR", HelpText = "Where procfs is mounted.")]
    public string Proc { get; set; } = "/proc";
}
