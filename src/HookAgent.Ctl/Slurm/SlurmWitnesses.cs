using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>A slurm.conf that a slurmd of this node reads, or may read at its next start.</summary>
/// <param name="Root">The files as that slurmd sees them.</param>
internal sealed record ReadableConf(SystemRoot Root, SlurmConfLocation Place, SlurmConf Conf);

/// <summary>A running slurmd.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Reads">The slurm.conf that it reads; null where none was found.</param>
/// <param name="Controller">What its slurmctld says, asked with that same slurm.conf; null where it does not answer.</param>
internal sealed record RunningSlurmd(SlurmdProcess Process, ReadableConf? Reads, SlurmctldConfig? Controller)
{
    /// <summary>When a file of its slurm.conf was changed last, in UTC; null where slurmctld sent the file, and slurmd wrote it as it read it.</summary>
    public DateTime? Changed
    {
        get
        {
            DateTime? last = null;
            foreach (string file in Reads is { Place.IsFromSlurmctld: false, Conf: var conf } ? conf.Files : [])
            {
                if (Reads!.Root.Changed(file) is { } changed && !(changed < last))
                {
                    last = changed;
                }
            }

            return last;
        }
    }

    /// <summary>Whether it goes by what the file says now, as far as that can be told.</summary>
    public bool HasReadSinceChange()
    {
        if (Changed is not { } changed)
        {
            return true;
        }

        DateTime? read = WrotePidFile is { } wrote && !(wrote < Process.Started) ? wrote : Process.Started;
        return changed <= read || Controller?.HasToldSlurmdSince(changed) == true;
    }

    /// <summary>
    /// When the process wrote its pid file, which from 23.11 on a slurmd with -D does at each reconfigure, when it begins
    /// anew as the same process; null where that file is not its own.
    /// </summary>
    private DateTime? WrotePidFile
    {
        get
        {
            string path = Reads?.Conf.Last("SlurmdPidFile")?.Value ?? "/var/run/slurmd.pid";
            return Reads?.Root.TryReadText(path, out _)?.Trim() == $"{Process.Id}" ? Reads.Root.Changed(path) : null;
        }
    }
}

/// <summary>
/// All that tells what Slurm goes by on this node. A slurmd goes by what it read last: its slurm.conf, unless that has
/// changed since. What slurmctld says is what it read itself, and what its next reconfigure tells every slurmd.
/// </summary>
/// <param name="Answers">What slurmctld says, a cluster each.</param>
/// <param name="Running">Every slurmd of the node.</param>
/// <param name="Confs">Every slurm.conf, those of <paramref name="Running"/> first.</param>
internal sealed record SlurmWitnesses(IReadOnlyList<SlurmctldAnswer> Answers, IReadOnlyList<RunningSlurmd> Running, IReadOnlyList<ReadableConf> Confs)
{
    /// <summary>The slurm.conf of the slurmd that started last, or of one that would start; null where none was found.</summary>
    public ReadableConf? Main => Running is [.., var last] ? last.Reads : Confs.Count > 0 ? Confs[0] : null;

    /// <param name="root">The node's files.</param>
    /// <param name="slurmd">Every slurmd that runs.</param>
    /// <param name="units">What systemd would start.</param>
    /// <param name="controllers">Where slurmctld is asked.</param>
    /// <param name="version">The release that reads the files; null where that is not known, or does not matter.</param>
    public static SlurmWitnesses Hear(
        SystemRoot root, LocalSlurmd slurmd, IReadOnlyList<SlurmdInvocation> units, SlurmctldQueries controllers, SlurmVersion? version)
    {
        SlurmctldConfig?[] own = [.. slurmd.Running.Select(controllers.Of)];
        controllers.AskFor(units);
        SlurmctldConfig[] clusters = [.. controllers.Answers.OfType<SlurmctldAnswer.Answered>().Select(static answer => answer.Config)];
        RunningSlurmd[] running = [.. slurmd.Running.Select((process, at) => Looked(root, process, own[at], clusters, version))];
        return new SlurmWitnesses(controllers.Answers, running, AllConfs(root, running, units, clusters, version));
    }

    private static RunningSlurmd Looked(SystemRoot root, SlurmdProcess process, SlurmctldConfig? controller, SlurmctldConfig[] clusters, SlurmVersion? version)
    {
        SystemRoot files = process.SeesOurFiles ? root : new SystemRoot(root.Real($"/proc/{process.Id}/root"));
        SlurmConfLocation? place = SlurmConfLocation.Of(files, process, clusters);
        return new RunningSlurmd(process, place is null ? null : new ReadableConf(files, place, SlurmConfReader.Read(files, place.Path, version)), controller);
    }

    private static List<ReadableConf> AllConfs(
        SystemRoot root, RunningSlurmd[] running, IReadOnlyList<SlurmdInvocation> units, SlurmctldConfig[] clusters, SlurmVersion? version)
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

        Add([.. units.Select(static unit => unit.Configured).OfType<SlurmConfLocation>()]);

        // Where every slurmd is told its file, none looks in the usual places.
        SlurmdInvocation[] starts = [.. units, .. running.Select(static slurmd => slurmd.Process.Start)];
        if (starts.Length > 0 && starts.All(static start => start is { Configured: not null, Options.IsConfigless: false }))
        {
            return found;
        }

        SlurmConfLocation[] usual = [.. SlurmConfLocation.Usual(clusters)];
        Add([.. usual.Where(static place => !place.IsFromSlurmctld)]);

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
                    found.Add(new ReadableConf(root, place, SlurmConfReader.Read(root, place.Path, version)));
                }
            }
        }
    }
}
