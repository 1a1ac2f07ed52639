using CommandLine;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

[Verb("doctor", HelpText = "Check everything from slurm.conf to the provider's unit, and say how to fix what is wrong.")]
internal sealed class DoctorOptions : CommonOptions
{
    [Option("all", HelpText = "Show also what is as it should be.")]
    public bool All { get; set; }

    [Option("removal", HelpText = "Check only whether anything on this node still runs the hook, so that the package must stay.")]
    public bool Removal { get; set; }

    [Option("probe", HelpText = "Run one short job on this node first, and say what was seen of it, from its Prolog to its Epilog.")]
    public bool Probe { get; set; }

    [Option("srun", Hidden = true, MetaValue = "PATH", HelpText = "Run this srun.")]
    public string? Srun { get; set; }

    [Option("scontrol", Hidden = true, MetaValue = "PATH", HelpText = "Run this scontrol.")]
    public string? Scontrol { get; set; }

    [Option("systemctl", Hidden = true, MetaValue = "PATH", HelpText = "Run this systemctl.")]
    public string? Systemctl { get; set; }

    [Option("root", Hidden = true, MetaValue = "DIR", HelpText = "Look at the files below this folder.")]
    public string Root { get; set; } = "/";

    /// <summary>Whether it is this node's files that are looked at, so that its programs may be asked.</summary>
    public bool IsThisNode => Root == "/";

    /// <summary>What systemd would start as slurmd.</summary>
    public IReadOnlyList<SlurmdInvocation> Units(SystemRoot root) => SlurmdUnits.All(root, Systemctl ?? (IsThisNode ? "systemctl" : null));

    public SlurmctldQueries Controllers() => new(Scontrol, IsThisNode || Scontrol is not null);
}

/// <summary>
/// <c>hookctl doctor</c>: looks at everything between Slurm and the provider, changes nothing, and says of each part
/// whether it is as it should be; with --removal, whether the hook may go. Without root it says what it could not see.
/// </summary>
internal static class DoctorCommand
{
    public static int Run(DoctorOptions options, Terminal terminal)
    {
        if (options is { Probe: true, Removal: true })
        {
            return terminal.Refuse("--probe does not go with --removal; leave out one of them");
        }

        // Its job is evidence for the checks.
        CheckGroup? probe = options.Probe ? new CheckGroup("Probe", [.. Probed(options)], IsAsked: true) : null;
        IReadOnlyList<CheckGroup> groups = options.Removal
            ? [new CheckGroup("Removal", [.. RemovalChecks.Of(RemovalFacts.Gather(options))], IsAsked: true)]
            : Checkup.Of(NodeFacts.Gather(options));
        groups = probe is null ? groups : [.. groups, probe];
        if (options.Json)
        {
            JsonLine.Write(terminal.Out, DoctorOutput.Json(groups));
        }
        else if (options.IsShort)
        {
            terminal.Out.WriteLine(DoctorOutput.Summary(groups));
        }
        else
        {
            Pager.Show(terminal, to => DoctorOutput.Write(groups, to, options.All, !options.NoLegend));
        }

        return Checkup.ExitCodeOf(groups);
    }

    private static IEnumerable<Finding> Probed(DoctorOptions options)
    {
        if (!AgentConnection.TryOpen(options.Bus, out AgentConnection? agent, out string? sentence))
        {
            return [Finding.Unseen("probe", sentence)];
        }

        using (agent)
        {
            SystemRoot root = new(options.Root);
            LocalSlurmd slurmd = LocalSlurmd.Find(root.Real("/proc"));
            return ProbeChecks.Of(Doctor.Probe.Run(
                agent,
                options.Srun ?? slurmd.FindProgram("srun") ?? "srun",
                slurmd.NodeName,
                slurmd.Running is [.., var last] ? last.Start.Configured?.Path : null), slurmd.NodeName);
        }
    }
}

/// <summary>All checks, in the order in which an event of a job meets what they look at.</summary>
internal static class Checkup
{
    public static IReadOnlyList<CheckGroup> Of(NodeFacts facts) =>
    [
        new("Slurm", [.. SlurmChecks.Of(facts)]),
        new("Hook", [.. HookChecks.Of(facts)]),
        new("Agent", [.. AgentChecks.Of(facts)]),
        new("Lent unit", [.. UnitChecks.Of(facts)]),
        new("Wasimoff provider", [.. ProviderChecks.Of(facts)]),
        new("Records of what happened", [.. JournalChecks.Of(facts)]),
    ];

    /// <summary>The worst finding decides; what could not be seen does not count.</summary>
    public static int ExitCodeOf(IEnumerable<CheckGroup> groups)
    {
        Finding[] all = [.. groups.SelectMany(static group => group.Findings)];
        return all.Any(static finding => finding.Verdict == Verdict.Fault) ? ExitCode.Failed
            : all.Any(static finding => finding.Verdict == Verdict.Warning) ? ExitCode.Warnings
            : ExitCode.Done;
    }
}
