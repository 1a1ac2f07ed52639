using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// Asks Slurm which jobs are on this host: first scontrol which nodes it is, then squeue for the jobs of those. Several
/// slurmd with a slurm.conf each are as many Slurms, and all of them must answer: also one whose slurmd is down, since
/// its jobs run on.
/// </summary>
/// <param name="Units">What systemd would start slurmd with, whether it runs or not.</param>
/// <param name="Root">Where the slurm.conf of these are.</param>
/// <param name="Squeue">squeue's path; null for the one that was installed with slurmd.</param>
/// <param name="Scontrol">scontrol's path; likewise.</param>
internal sealed record SlurmQuery(
    LocalSlurmd Slurmd, IReadOnlyList<SlurmdInvocation> Units, SystemRoot Root, ThisHost Host, string? Named, string? Squeue, string? Scontrol)
{
    /// <summary>How long each command may take; slurmctld answers in some milliseconds.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public SqueueAnswer Ask()
    {
        SqueueAnswer.Listed? listed = null;
        string? cannotTell = null;
        foreach (AskedConf conf in Confs())
        {
            switch (Ask(conf, out HostNodes? ours))
            {
                case SqueueAnswer.Listed some:
                    listed = listed is null ? some : new SqueueAnswer.Listed(listed.Jobs.Union(some.Jobs), listed.Completing.Union(some.Completing));
                    break;
                case SqueueAnswer.Failed failed when ours is null || conf.Running.Count > 0:
                    return failed;
                case SqueueAnswer.Failed failed:
                    // A Slurm that has no node here has no job here, if another knows which node this host is.
                    cannotTell ??= failed.Sentence;
                    break;
            }
        }

        return listed is null ? new SqueueAnswer.Failed(cannotTell!) : listed;
    }

    /// <summary>A slurm.conf to ask with.</summary>
    /// <param name="Configured">Null for the programs' default.</param>
    /// <param name="Running">The running slurmd that use it; none where its slurmd is down.</param>
    private sealed record AskedConf(SlurmConfLocation? Configured, IReadOnlyList<SlurmdOptions> Running)
    {
        public string? Path => Configured?.Path;
    }

    private List<AskedConf> Confs()
    {
        List<AskedConf> confs =
        [
            .. Slurmd.Running.Select(static slurmd => slurmd.Start).GroupBy(static start => start.Configured?.Path)
                .Select(static starts => new AskedConf(starts.First().Configured, [.. starts.Select(static start => start.Options)])),
        ];
        foreach (SlurmdInvocation unit in Units)
        {
            if (confs.All(conf => conf.Path != unit.Configured?.Path) && IsThere(unit.Configured))
            {
                confs.Add(new AskedConf(unit.Configured, []));
            }
        }

        return confs.Count > 0 ? confs : [new AskedConf(null, [])];
    }

    /// <summary>No slurmd can run with a slurm.conf that is not there.</summary>
    private bool IsThere(SlurmConfLocation? told) =>
        told is null ? SlurmConfLocation.Usual([]).Any(place => Root.IsFile(place.Path)) : Root.IsFile(told.Path);

    /// <param name="ours">Null where it was not found out which nodes this host is.</param>
    private SqueueAnswer Ask(AskedConf conf, out HostNodes? ours)
    {
        ours = null;
        string scontrol = Scontrol ?? Slurmd.FindProgram("scontrol") ?? "scontrol";
        switch (SlurmProgram.Run(scontrol, SlurmNode.Arguments, conf.Path, s_timeout))
        {
            case ProgramResult.Failed failed:
                return new SqueueAnswer.Failed(Of(conf, failed.Sentence));
            case ProgramResult.Printed printed:
                List<SlurmNode> nodes = SlurmNode.Parse(printed.Output, out string? strange);
                if (strange is not null)
                {
                    return new SqueueAnswer.Failed(Of(conf, $"{scontrol} printed '{SlurmProgram.Shown(strange)}', which is no node"));
                }

                ours = HostNodes.Of(nodes, conf.Running, Host, Named, IsLocal, DownNames(conf.Path));
                return Jobs(conf, ours);
            default:
                throw new InvalidOperationException("a result that is neither");
        }
    }

    private SqueueAnswer Jobs(AskedConf conf, HostNodes ours) => ours.CannotTell is { } sentence
        ? new SqueueAnswer.Failed($"which jobs run here cannot be told: {Of(conf, sentence)}")
        : new Squeue(Squeue ?? Slurmd.FindProgram("squeue") ?? "squeue", ours.Names, conf.Path).Ask(s_timeout) switch
        {
            SqueueAnswer.Failed failed => new SqueueAnswer.Failed(Of(conf, failed.Sentence)),
            SqueueAnswer answer => answer,
        };

    /// <summary>The names that slurmd would be started by (-N) with this slurm.conf.</summary>
    private IEnumerable<string> DownNames(string? conf) =>
        Units.Where(unit => unit.Configured?.Path == conf).Select(static unit => unit.Options.NodeName).OfType<string>();

    /// <summary>Names the slurm.conf, where it is not the default of the operator's commands.</summary>
    private static string Of(AskedConf conf, string sentence) => conf.Configured is { } told ? $"{sentence} ({told.Path}, {told.FoundBy})" : sentence;

    /// <summary>Whether the resolver leads from a name to this host (getent(1), which is bounded as Slurm's commands are).</summary>
    private bool IsLocal(string name) =>
        Host.Is(name)
        || (SlurmProgram.Run("getent", ["ahosts", name], configFile: null, s_timeout) is ProgramResult.Printed { Output: var found }
            && found.Split('\n').Any(line => line.Split(' ')[0] is { Length: > 0 } address && Host.Is(address)));
}
