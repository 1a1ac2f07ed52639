namespace HookAgent.Ctl.Slurm;

/// <summary>Asks the slurmctld of each slurmd of this node, once for each scontrol and slurm.conf.</summary>
/// <param name="scontrol">The scontrol to run; null for that beside slurmd, else the one on PATH.</param>
/// <param name="mayAsk">False where the files are of another node, whose slurmctld is not to be asked.</param>
internal sealed class SlurmctldQueries(string? scontrol, bool mayAsk)
{
    private readonly Dictionary<string, SlurmctldAnswer> _asked = [];

    public IReadOnlyList<SlurmctldAnswer> Answers => [.. _asked.Values];

    /// <summary>What the slurmctld of a running slurmd says; null where it does not answer.</summary>
    // "" and not null: the administrator's SLURM_CONF is not that of slurmd.
    public SlurmctldConfig? Of(SlurmdProcess slurmd) => Ask(scontrol ?? slurmd.FindProgram("scontrol") ?? "scontrol", slurmd.Start.Configured?.Path ?? "");

    /// <summary>Asks for what systemd would start; with scontrol's default slurm.conf where none is configured.</summary>
    public void AskFor(IReadOnlyList<SlurmdInvocation> units)
    {
        foreach (SlurmdInvocation unit in units)
        {
            if (unit.Configured is { } told)
            {
                Ask(scontrol ?? "scontrol", told.Path);
            }
        }

        if (_asked.Count == 0)
        {
            Ask(scontrol ?? "scontrol", null);
        }
    }

    private SlurmctldConfig? Ask(string program, string? configFile)
    {
        if (!mayAsk)
        {
            return null;
        }

        string key = $"{program}\n{configFile}";
        if (!_asked.TryGetValue(key, out SlurmctldAnswer? answer))
        {
            answer = SlurmctldConfig.Ask(program, configFile);
            _asked.Add(key, answer);
        }

        return (answer as SlurmctldAnswer.Answered)?.Config;
    }
}
