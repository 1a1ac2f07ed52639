namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>Words in front of a command that start it: "exec", "nice -n 5", "timeout 10", "env A=B".</summary>
internal static class StartPrefix
{
    /// <summary>A program that starts another.</summary>
    /// <param name="WithValue">Its options that take the next word.</param>
    /// <param name="Operands">How many words follow before the command.</param>
    private sealed record Prefix(string[] WithValue, int Operands);

    private static Prefix? Find(string name) => name switch
    {
        "command" or "eval" or "builtin" or "nohup" or "setsid" or "time" or "sudo" => new Prefix([], 0),
        "exec" => new Prefix(["-a"], 0),
        "nice" => new Prefix(["-n"], 0),
        "ionice" => new Prefix(["-c", "-n"], 0),
        "stdbuf" => new Prefix(["-o", "-e", "-i"], 0),
        "chrt" or "taskset" => new Prefix([], 1),
        "timeout" => new Prefix(["-k", "-s"], 1),
        "flock" => new Prefix(["-w"], 1),
        "env" => new Prefix(["-u"], 0),
        "systemd-cat" => new Prefix(["-t", "-p"], 0),
        _ => null,
    };

    /// <summary>Whether behind this option the hook knows neither the job nor the rights of root.</summary>
    private static bool Spoils(string name, string option) => name switch
    {
        "env" => option is "-i" or "-" or "--ignore-environment",
        "sudo" => option is "-u" or "-i",
        _ => false,
    };

    /// <summary>The command behind the first prefix; null where there is none, empty where the hook could not do its work behind it.</summary>
    public static string[]? Skip(string[] words)
    {
        string name = Path.GetFileName(words[0]);
        if (name is "su" or "runuser" or "setpriv" or "chroot" or "ssh")
        {
            return [];
        }

        if (Find(name) is not { } prefix)
        {
            return null;
        }

        int at = 1;
        for (; at < words.Length && (words[at].StartsWith('-') || (name == "env" && ShellVariables.NameLength(words[at]) is > 0 and var length && words[at][length..].StartsWith('='))); at++)
        {
            if (Spoils(name, words[at]))
            {
                return [];
            }

            at += prefix.WithValue.Contains(words[at]) ? 1 : 0;
        }

        // "command -v" only looks.
        return (name == "command" && at > 1) || at + prefix.Operands >= words.Length ? [] : words[(at + prefix.Operands)..];
    }
}
