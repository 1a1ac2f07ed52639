namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// What a running slurmd was told on its command line, read as getopt_long(3) reads it: short options together
/// ("-DN virt2"), values with or without a blank, long names cut short, words in between, "--" at the end.
/// </summary>
/// <param name="NodeName">-N; null where the host's name decides.</param>
/// <param name="ConfigFile">-f; null where it was not given.</param>
/// <param name="IsConfigless">--conf-server: it takes its configuration from slurmctld.</param>
internal sealed record SlurmdCommandLine(string? NodeName, string? ConfigFile, bool IsConfigless)
{
    /// <summary>
    /// The short options that take a value, in 20.11 to 26.05 (slurmd.c; "bcCd:Df:F::GhL:Mn:N:svVZ"). That of -F is
    /// optional, so it counts only without a blank.
    /// </summary>
    private const string WithValue = "dfLnN";
    private const char WithOptionalValue = 'F';

    private const string ConfigServer = "--conf-server";

    /// <summary>
    /// The long options that take a value. One that slurmd does not know ends it at its start, so a name that is not here
    /// is of a newer slurmd or takes none.
    /// </summary>
    private static readonly string[] s_longWithValue =
        ["--authinfo", "--ca-cert-file", "--conf", ConfigServer, "--extra", "--instance-id", "--instance-type", "--parameters"];

    /// <param name="arguments">argv, with the program's name.</param>
    public static SlurmdCommandLine Parse(IReadOnlyList<string> arguments)
    {
        SlurmdCommandLine read = new(null, null, false);
        for (int i = 1; i < arguments.Count && arguments[i] != "--"; i++)
        {
            string word = arguments[i];
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string? name = LongName(word.Split('=')[0]);
                read = read with { IsConfigless = read.IsConfigless || name == ConfigServer };
                i += name is not null && !word.Contains('=', StringComparison.Ordinal) ? 1 : 0;
            }
            else if (word.Length > 1 && word[0] == '-' && Letter(word) is var at && at < word.Length)
            {
                bool isSeparate = at == word.Length - 1 && word[at] != WithOptionalValue;
                i += isSeparate ? 1 : 0;
                string? value = isSeparate ? arguments.ElementAtOrDefault(i) : word[(at + 1)..];
                read = word[at] switch
                {
                    'N' => read with { NodeName = value },
                    'f' => read with { ConfigFile = value },
                    _ => read,
                };
            }
        }

        return read;
    }

    /// <summary>The full name of an option with a value; null for any other.</summary>
    private static string? LongName(string given)
    {
        if (s_longWithValue.Contains(given))
        {
            return given;
        }

        List<string> begun = [.. s_longWithValue.Where(name => name.StartsWith(given, StringComparison.Ordinal))];
        return begun.Count == 1 ? begun[0] : null;
    }

    /// <summary>Where in a word of short options the first is that takes a value; its length where none does.</summary>
    private static int Letter(string word)
    {
        int at = 1;
        while (at < word.Length && word[at] != WithOptionalValue && !WithValue.Contains(word[at], StringComparison.Ordinal))
        {
            at++;
        }

        return at;
    }
}
