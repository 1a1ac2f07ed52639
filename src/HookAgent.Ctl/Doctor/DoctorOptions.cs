using CommandLine;

namespace HookAgent.Ctl.Doctor;

[Verb("doctor", HelpText = "Check everything from slurm.conf to the provider's unit, and say how to mend what is wrong.")]
internal sealed class DoctorOptions : CommonOptions
{
    [Option("root", Hidden = true, MetaValue = "DIR", HelpText = "Look at the files below this folder.")]
    public string Root { get; set; } = "/";
}
