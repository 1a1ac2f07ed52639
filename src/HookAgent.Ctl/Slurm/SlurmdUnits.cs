using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>How systemd would start slurmd, whether one runs now or not.</summary>
internal static class SlurmdUnits
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Where packages of Slurm have their units read SLURMD_OPTIONS and SLURM_CONF from.</summary>
    private static readonly string[] UsualFiles = ["/etc/default/slurmd", "/etc/sysconfig/slurmd"];

    /// <param name="systemctl">Its path or name; null where systemd is not to be asked, because the files are of another node.</param>
    public static IReadOnlyList<SlurmdInvocation> All(SystemRoot root, string? systemctl)
    {
        List<SlurmdInvocation> found = [];
        foreach (string file in UsualFiles)
        {
            Dictionary<string, string> variables = Variables(root, [file]);
            if (variables.Count > 0)
            {
                found.Add(Start(file, Words(variables.GetValueOrDefault("SLURMD_OPTIONS", "")), variables));
            }
        }

        return systemctl is not null && Shown(systemctl) is { } shown ? [.. found, .. Parse(root, shown)] : found;
    }

    /// <summary>The units that "systemctl show" printed, a block each.</summary>
    public static IReadOnlyList<SlurmdInvocation> Parse(SystemRoot root, string shown)
    {
        List<SlurmdInvocation> found = [];
        foreach (string block in shown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = block.Split('\n');
            Dictionary<string, string> variables = [];
            foreach (string word in Values(lines, "Environment").SelectMany(Words))
            {
                Assign(variables, word);
            }

            foreach ((string name, string value) in Variables(root, Values(lines, "EnvironmentFiles").Select(static file => file.Split(" (ignore_errors")[0])))
            {
                variables[name] = value;
            }

            foreach (string command in Values(lines, "ExecStart"))
            {
                found.Add(Start(Values(lines, "Id").FirstOrDefault("slurmd.service"), [.. Expanded(Argv(command), variables)], variables));
            }
        }

        return found;
    }

    // --all: a pattern fits inactive units only with it.
    private static string? Shown(string systemctl) =>
        SlurmProgram.Run(systemctl, ["show", "--all", "--property=Id,Environment,EnvironmentFiles,ExecStart", "slurmd.service", "slurmd*.service"], configFile: null, Timeout)
            is ProgramResult.Printed printed ? printed.Output : null;

    private static SlurmdInvocation Start(string name, IReadOnlyList<string> arguments, Dictionary<string, string> variables) =>
        new(name, SlurmdOptions.Parse(arguments), variables.GetValueOrDefault("SLURM_CONF", "") is { Length: > 0 } told ? told : null);

    private static IEnumerable<string> Values(string[] lines, string property) => lines
        .Where(line => line.StartsWith($"{property}=", StringComparison.Ordinal))
        .Select(line => line[(property.Length + 1)..])
        .Where(static value => value.Length > 0);

    /// <summary>The words after the program's name, of "{ path=/usr/sbin/slurmd ; argv[]=/usr/sbin/slurmd -D ; ignore_errors=no ; … }".</summary>
    private static IEnumerable<string> Argv(string command)
    {
        const string begin = "argv[]=";
        int from = command.IndexOf(begin, StringComparison.Ordinal);
        return from < 0 ? [] : Words(command[(from + begin.Length)..].Split(" ; ignore_errors=")[0]).Skip(1);
    }

    /// <summary>As systemd.service(5) has it: a word "$NAME" stands for the words of the variable, "${NAME}" for its value.</summary>
    private static IEnumerable<string> Expanded(IEnumerable<string> words, Dictionary<string, string> variables)
    {
        foreach (string word in words)
        {
            if (word.StartsWith('$') && !word.StartsWith("${", StringComparison.Ordinal))
            {
                foreach (string part in Words(variables.GetValueOrDefault(word[1..], "")))
                {
                    yield return part;
                }

                continue;
            }

            string whole = word;
            foreach ((string name, string value) in variables)
            {
                whole = whole.Replace($"${{{name}}}", value, StringComparison.Ordinal);
            }

            yield return whole;
        }
    }

    /// <summary>The variables of environment files (systemd.exec(5)), in the order of the files.</summary>
    private static Dictionary<string, string> Variables(SystemRoot root, IEnumerable<string> files)
    {
        Dictionary<string, string> variables = [];
        foreach (string file in files)
        {
            foreach (string line in (root.TryReadText(file, out _) ?? "").Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
            {
                string text = line.Trim();
                if (!text.StartsWith('#') && !text.StartsWith(';') && text.IndexOf('=') is > 0 and var equals)
                {
                    string value = text[(equals + 1)..].Trim();
                    bool quoted = value.Length > 1 && value[0] is '"' or '\'' && value[0] == value[^1];
                    variables[text[..equals].Trim()] = quoted ? value[1..^1] : value;
                }
            }
        }

        return variables;
    }

    private static void Assign(Dictionary<string, string> variables, string word)
    {
        if (word.IndexOf('=') is > 0 and var equals)
        {
            variables[word[..equals]] = word[(equals + 1)..];
        }
    }

    /// <summary>Splits at blanks that stand in no quotes, and takes the quotes away.</summary>
    private static List<string> Words(string text)
    {
        List<string> words = [];
        System.Text.StringBuilder word = new();
        bool begun = false;
        char quote = '\0';
        foreach (char next in text)
        {
            if (quote == '\0' && char.IsWhiteSpace(next))
            {
                if (begun)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                begun = false;
                continue;
            }

            begun = true;
            if (next == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && next is '"' or '\'')
            {
                quote = next;
            }
            else
            {
                word.Append(next);
            }
        }

        return begun ? [.. words, word.ToString()] : words;
    }
}
