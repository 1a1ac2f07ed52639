using CommandLine;

namespace HookAgent.Ctl.Doctor;

[Verb("doctor", HelpText = "Check everything from slurm.conf to the provider's unit, and say how to mend what is wrong.")]
internal sealed class DoctorOptions : CommonOptions
{
    [Option("removal", HelpText = "Say only whether anything here still runs the hook, so that the package must stay.")]
    public bool Removal { get; set; }

    [Option("scontrol", Hidden = true, MetaValue = "PATH", HelpText = "Run this scontrol.")]
    public string? Scontrol { get; set; }

    [Option("systemctl", Hidden = true, MetaValue = "PATH", HelpText = "Run this systemctl.")]
    public string? Systemctl { get; set; }

    [Option("root", Hidden = true, MetaValue = "DIR", HelpText = "Look at the files below this folder.")]
    public string Root { get; set; } = "/";
}
