namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>Words in front of a command that start it: "exec", "nice -n 5", "timeout 10", "env A=B".</summary>
internal static class StartPrefix
{
    /// <summary>Each, its options that take the next word, and how many words follow before the command.</summary>
    private static readonly (string Name, string[] WithValue, int Operands)[] Known =
    [
        ("exec", ["-a"], 0), ("command", [], 0), ("eval", [], 0), ("builtin", [], 0), ("nohup", [], 0), ("setsid", [], 0), ("time", [], 0),
        ("nice", ["-n"], 0), ("ionice", ["-c", "-n"], 0), ("stdbuf", ["-o", "-e", "-i"], 0), ("chrt", [], 1), ("taskset", [], 1),
        ("timeout", ["-k", "-s"], 1), ("flock", ["-w"], 1), ("env", ["-u"], 0), ("sudo", [], 0), ("systemd-cat", ["-t", "-p"], 0),
    ];

    /// <summary>Options after which the hook knows neither the job nor the rights of root.</summary>
    private static readonly (string Name, string[] Options)[] Spoiling = [("env", ["-i", "-", "--ignore-environment"]), ("sudo", ["-u", "-i"])];

    /// <summary>The command behind the first prefix; null where there is none, empty where the hook could not do its work behind it.</summary>
    public static string[]? Skip(string[] words)
    {
        string name = Path.GetFileName(words[0]);
        if (name is "su" or "runuser" or "setpriv" or "chroot" or "ssh")
        {
            return [];
        }

        if (Known.FirstOrDefault(known => known.Name == name) is not { Name: not null } prefix)
        {
            return null;
        }

        string[] spoiling = Spoiling.FirstOrDefault(known => known.Name == name).Options ?? [];
        int at = 1;
        for (; at < words.Length && (words[at].StartsWith('-') || (name == "env" && ShellVariables.NameLength(words[at]) is > 0 and var length && words[at][length..].StartsWith('='))); at++)
        {
            if (spoiling.Contains(words[at]))
            {
                return [];
            }

            at += prefix.WithValue.Contains(words[at]) ? 1 : 0;
        }

        // "command -v" only looks.
        return (name == "command" && at > 1) || at + prefix.Operands >= words.Length ? [] : words[(at + prefix.Operands)..];
    }
}
