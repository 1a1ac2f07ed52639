namespace HookAgent.Hook;

/// <summary>
/// The words and options the hook was run with. slurmd gives none. The paths are options and nothing else:
/// an environment that a job's user may have a hand in must not lead root to another bus or directory.
/// </summary>
internal sealed class CommandLine
{
    private const string BusAddressPrefix = "unix:path=";

    private readonly List<string> _words = [];
    private string _runDirectory = "/run/hookagent";

    private CommandLine()
    {
    }

    public static CommandLine Default => new();

    public string BusSocket { get; private set; } = "/run/dbus/system_bus_socket";

    public string JournalSocket { get; private set; } = Core.Journal.JournalSocket.Path;

    public string JobDirectory => _runDirectory + "/jobs";

    public string BootIdFile => _runDirectory + "/boot-id";

    public string SettingsFile => _runDirectory + "/hook.conf";

    public IReadOnlyList<string> Words => _words;

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <summary>What is wrong with the options, or null.</summary>
    public string? Problem { get; private set; }

    public static CommandLine Parse(string[] arguments)
    {
        CommandLine line = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (argument)
            {
                case "--help":
                    line.WantsHelp = true;
                    break;
                case "--version":
                    line.WantsVersion = true;
                    break;
                case "--bus" or "--run-dir" or "--journal" when value is null:
                    line.Problem = $"{argument} needs a value";
                    break;
                case "--bus":
                    line.TakeBus(value!);
                    i++;
                    break;
                case "--run-dir":
                    line._runDirectory = value!;
                    i++;
                    break;
                case "--journal":
                    line.JournalSocket = value!;
                    i++;
                    break;
                default:
                    line.TakeWord(argument);
                    break;
            }
        }

        return line;
    }

    private void TakeBus(string address)
    {
        if (address.StartsWith(BusAddressPrefix, StringComparison.Ordinal) && address.AsSpan().IndexOfAny(",;%") < 0)
        {
            BusSocket = address[BusAddressPrefix.Length..];
        }
        else
        {
            Problem = $"the bus address '{address}' is not of the form {BusAddressPrefix}/path/of/socket";
        }
    }

    private void TakeWord(string word)
    {
        if (word.StartsWith('-'))
        {
            Problem = $"there is no option '{word}'";
        }
        else
        {
            _words.Add(word);
        }
    }
}
