using HookAgent.Bus.Wire;
using HookAgent.Core.Journal;
using HookAgent.Core.Node;

namespace HookAgent.Daemon;

/// <summary>What the agent is told on its command line; a service has none of it, a test all.</summary>
internal sealed record DaemonOptions : Unprinted
{
    public const string Usage = """
        Usage: hookagentd [OPTIONS...]

        Lends this node to a provider while Slurm runs no job on it. Started by systemd as hookagentd.service.

          --check             Check the settings, print what they are, and exit: 0 good, 78 not
          --bus ADDRESS       D-Bus address in place of the system bus
          --run-dir DIR       Folder of the job directory and hook.conf, in place of /run/hookagent
          --state-dir DIR     Folder of the agent's state, in place of /var/lib/hookagent
          --root DIR          Folder below which the settings are looked for, in place of /
          --proc DIR          Folder of the processes, in place of /proc
          --cgroup DIR        Folder of the control groups, in place of /sys/fs/cgroup
          --journal SOCKET    journald's socket, in place of /run/systemd/journal/socket
          --version           Print the version and exit
          --help              Print this and exit

        See hookagentd(8) and hookagent.conf(5).
        """;

    public bool Check { get; init; }

    public bool Version { get; init; }

    public bool Help { get; init; }

    public string Bus { get; init; } = BusConnection.SystemBusAddress;

    public string RunDirectory { get; init; } = "/run/hookagent";

    public string StateDirectory { get; init; } = "/var/lib/hookagent";

    public string Root { get; init; } = "/";

    public string Proc { get; init; } = "/proc";

    public string ControlGroups { get; init; } = "/sys/fs/cgroup";

    public string Journal { get; init; } = JournalSocket.Path;

    public string JobDirectory => Path.Combine(RunDirectory, "jobs");

    /// <summary>The options, or a sentence on what is wrong with them.</summary>
    public static (DaemonOptions? Options, string Error) Parse(ReadOnlySpan<string> arguments)
    {
        DaemonOptions options = new();
        while (!arguments.IsEmpty)
        {
            string option = arguments[0];
            arguments = arguments[1..];
            switch (option)
            {
                case "--check":
                    options = options with { Check = true };
                    continue;
                case "--version":
                    options = options with { Version = true };
                    continue;
                case "--help":
                    options = options with { Help = true };
                    continue;
            }

            string value = arguments.IsEmpty ? "" : arguments[0];
            DaemonOptions? next = option switch
            {
                "--bus" => options with { Bus = value },
                "--run-dir" => options with { RunDirectory = value },
                "--state-dir" => options with { StateDirectory = value },
                "--root" => options with { Root = value },
                "--proc" => options with { Proc = value },
                "--cgroup" => options with { ControlGroups = value },
                "--journal" => options with { Journal = value },
                _ => null,
            };
            if (next is null)
            {
                return (null, $"unknown option '{option}'; see hookagentd --help");
            }

            if (value.Length == 0)
            {
                return (null, $"{option} needs a value; see hookagentd --help");
            }

            options = next;
            arguments = arguments[1..];
        }

        return (options, "");
    }
}
