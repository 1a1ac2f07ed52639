namespace HookAgent.Ctl.Slurm;

/// <summary>One assignment of a slurm.conf.</summary>
/// <param name="Key">As it is written; Slurm does not mind upper and lower case.</param>
/// <param name="Value">Without the quotes.</param>
/// <param name="Rest">What follows on the line: the other keys of a NodeName= line.</param>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">Where it begins, counted from 1.</param>
internal sealed record SlurmLine(string Key, string Value, string Rest, string File, int Line)
{
    /// <summary>"file:line", as compilers write it.</summary>
    public string Place => $"{File}:{Line}";
}

/// <summary>An Include that leads nowhere, on which Slurm's programs wait for a minute.</summary>
internal sealed record MissingInclude(string Path, string Place);

/// <summary>A line that Slurm does not understand, so that it refuses the whole file: slurmd and slurmctld do not start.</summary>
/// <param name="Text">What is left of it.</param>
internal sealed record RefusedLine(string Text, string Place)
{
    /// <summary>What was understood of it; null where it begins with what was not.</summary>
    public SlurmLine? Before { get; init; }

    /// <summary>The line that was meant; null where that is not known.</summary>
    public string? Meant { get; init; }
}

/// <summary>What a slurm.conf and the files it includes assign, in their order.</summary>
/// <param name="Path">The slurm.conf itself.</param>
/// <param name="Files">All that were read.</param>
/// <param name="Problem">Why the slurm.conf itself could not be read; null where it could.</param>
internal sealed record SlurmConf(
    string Path, IReadOnlyList<string> Files, IReadOnlyList<SlurmLine> Lines, IReadOnlyList<MissingInclude> Missing, IReadOnlyList<RefusedLine> Refused, string? Problem)
{
    /// <summary>Every assignment of a key, in order, also behind another on its line. Of several Slurm takes the last, and of programs, from 24.05, all.</summary>
    public IReadOnlyList<SlurmLine> All(string key)
    {
        List<SlurmLine> found = [];
        foreach (SlurmLine line in Lines)
        {
            if (line.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(line);
            }
            else if (KeyValue.Find(line.Rest, key) is { } value)
            {
                found.Add(line with { Key = key, Value = value, Rest = "" });
            }
        }

        return found;
    }

    /// <summary>The assignments of Prolog= or Epilog= that count: from 24.05 all, in order; before, the last (measured on 22.05 and 24.11).</summary>
    public IReadOnlyList<SlurmLine> Counting(string key, SlurmVersion? version) =>
        version?.IsAtLeast(24, 5) == true ? All(key) : Last(key) is { } last ? [last] : [];

    /// <summary>The assignment that counts; null where there is none.</summary>
    public SlurmLine? Last(string key) => All(key) is [.., var last] ? last : null;
}
