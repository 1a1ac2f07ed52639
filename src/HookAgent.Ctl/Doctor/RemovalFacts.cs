using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>A slurm.conf that a slurmd of this node reads, or may read at its next start.</summary>
/// <param name="Root">The files as that slurmd sees them.</param>
internal sealed record ReadableConf(SystemRoot Root, SlurmConfLocation Place, SlurmConf Conf);

/// <summary>A running slurmd.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Reads">The slurm.conf that it reads; null where none was found.</param>
/// <param name="Controller">What its slurmctld says, asked with that same slurm.conf; null where it does not answer.</param>
internal sealed record RunningSlurmd(SlurmdProcess Process, ReadableConf? Reads, SlurmctldConfig? Controller);

/// <summary>All that says whether Slurm still runs the hook, gathered at one moment.</summary>
/// <param name="Now">That moment, in UTC.</param>
/// <param name="Answers">What slurmctld says, a cluster each.</param>
/// <param name="Running">Every slurmd of the node.</param>
/// <param name="Confs">Every slurm.conf, those of <paramref name="Running"/> first.</param>
internal sealed record RemovalFacts(
    SystemRoot Root,
    bool IsRoot,
    DateTime Now,
    IReadOnlyList<SlurmctldAnswer> Answers,
    IReadOnlyList<RunningSlurmd> Running,
    IReadOnlyList<ReadableConf> Confs)
{
    public static RemovalFacts Gather(DoctorOptions options)
    {
        SystemRoot root = new(options.Root);
        bool isThisNode = options.Root == "/";
        IReadOnlyList<SlurmdProcess> processes = SlurmdProcess.All(root.Real("/proc"));
        IReadOnlyList<SlurmdInvocation> units = SlurmdUnits.All(root, options.Systemctl ?? (isThisNode ? "systemctl" : null));
        SlurmctldQueries controllers = new(options.Scontrol, isThisNode || options.Scontrol is not null);
        SlurmctldConfig?[] own = [.. processes.Select(controllers.Of)];
        controllers.AskFor(units);
        SlurmctldConfig[] clusters = [.. controllers.Answers.OfType<SlurmctldAnswer.Answered>().Select(static answer => answer.Config)];
        RunningSlurmd[] running = [.. processes.Select((process, at) => Looked(root, process, own[at], clusters))];
        return new RemovalFacts(root, Environment.IsPrivilegedProcess, DateTime.UtcNow, controllers.Answers, running, AllConfs(root, running, units, clusters));
    }

    private static RunningSlurmd Looked(SystemRoot root, SlurmdProcess process, SlurmctldConfig? controller, SlurmctldConfig[] clusters)
    {
        SystemRoot files = process.SeesOurFiles ? root : new SystemRoot(root.Real($"/proc/{process.Id}/root"));
        SlurmConfLocation? place = SlurmConfLocation.Of(files, process, clusters);
        return new RunningSlurmd(process, place is null ? null : new ReadableConf(files, place, SlurmConfReader.Read(files, place.Path)), controller);
    }

    private static List<ReadableConf> AllConfs(
        SystemRoot root, RunningSlurmd[] running, IReadOnlyList<SlurmdInvocation> units, SlurmctldConfig[] clusters)
    {
        HashSet<string> seen = [];
        List<ReadableConf> found = [];
        foreach (RunningSlurmd slurmd in running)
        {
            if (slurmd.Reads is { } conf && seen.Add(conf.Root.Real(conf.Root.Resolve(conf.Place.Path))))
            {
                found.Add(conf);
            }
        }

        SlurmConfLocation[] usual = [.. SlurmConfLocation.Usual(clusters)];
        Add([.. units.Select(static unit => unit.Configured).OfType<SlurmConfLocation>(), .. usual.Where(static place => !place.IsFromSlurmctld)]);

        // A slurmd that was told nothing takes any file before what slurmctld once sent.
        if (found.Count == 0 || units.Any(static unit => unit.Options.IsConfigless))
        {
            Add([.. usual.Where(static place => place.IsFromSlurmctld)]);
        }

        return found;

        void Add(IReadOnlyList<SlurmConfLocation> places)
        {
            foreach (SlurmConfLocation place in places)
            {
                if (root.IsFile(place.Path) && seen.Add(root.Real(root.Resolve(place.Path))))
                {
                    found.Add(new ReadableConf(root, place, SlurmConfReader.Read(root, place.Path)));
                }
            }
        }
    }
}
