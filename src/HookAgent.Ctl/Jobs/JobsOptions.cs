using CommandLine;

namespace HookAgent.Ctl.Jobs;

[Verb("jobs", HelpText = "List the job records of this node, and what shows that their jobs run.")]
internal sealed class JobsOptions : CommonOptions
{
    [Option("proc", Hidden = true, MetaValue = "DIR", HelpText = "Where procfs is mounted.")]
    public string Proc { get; set; } = "/proc";
}
