namespace HookAgent.Ctl.Slurm;

/// <summary>
/// slurmd's command line, as its getopt_long(3) reads it (slurmd.c of Slurm 20.11 to 26.05): short options together
/// ("-DN virt2"), values with or without a blank, long names cut short, words in between, "--" at the end.
/// </summary>
/// <param name="ConfigFile">The value of the last -f; null where there is none.</param>
/// <param name="NodeName">The value of the last -N; null where there is none.</param>
/// <param name="IsConfigless">Whether --conf-server sends it to slurmctld for its configuration, -f or not.</param>
internal sealed record SlurmdOptions(string? ConfigFile, string? NodeName, bool IsConfigless)
{
    private const string WithValue = "dfLnN";

    /// <summary>-F takes a value only in the same word.</summary>
    private const char WithOptionalValue = 'F';

    /// <summary>One that slurmd does not know ends it at its start: a name that is not here is of a newer slurmd.</summary>
    private static readonly string[] LongWithValue =
        ["authinfo", "ca-cert-file", "conf", "conf-server", "extra", "instance-id", "instance-type", "parameters"];

    private static readonly string[] LongAlone = ["systemd", "version"];

    /// <param name="arguments">The words after the program's name.</param>
    public static SlurmdOptions Parse(IReadOnlyList<string> arguments)
    {
        SlurmdOptions found = new(null, null, false);
        for (int i = 0; i < arguments.Count && arguments[i] != "--"; i++)
        {
            string word = arguments[i];
            string? next = i + 1 < arguments.Count ? arguments[i + 1] : null;
            bool tookNext = false;
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string name = word[2..].Split('=')[0];
                bool wantsValue = LongName(name) is { } known && LongWithValue.Contains(known);
                tookNext = wantsValue && !word.Contains('=');
                found = found with { IsConfigless = found.IsConfigless || LongName(name) == "conf-server" };
            }
            else if (word.StartsWith('-'))
            {
                found = found.WithBundle(word, next, out tookNext);
            }

            i += tookNext ? 1 : 0;
        }

        return found;
    }

    /// <summary>Letters behind one dash, such as "-Dvf": the first that takes a value takes the rest of the word, or the next one.</summary>
    private SlurmdOptions WithBundle(string word, string? next, out bool tookNext)
    {
        tookNext = false;
        for (int at = 1; at < word.Length && word[at] != WithOptionalValue; at++)
        {
            if (!WithValue.Contains(word[at]))
            {
                continue;
            }

            tookNext = at + 1 == word.Length;
            string? value = tookNext ? next : word[(at + 1)..];
            return word[at] switch
            {
                'f' => this with { ConfigFile = value },
                'N' => this with { NodeName = value },
                _ => this,
            };
        }

        return this;
    }

    /// <summary>A long option by its whole name or by a beginning that no other has.</summary>
    private static string? LongName(string written)
    {
        string[] fitting = [.. LongWithValue.Concat(LongAlone).Where(name => name.StartsWith(written, StringComparison.Ordinal))];
        return fitting.Contains(written) ? written : fitting is [var only] ? only : null;
    }
}
