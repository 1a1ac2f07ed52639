using System.Diagnostics;
using System.Text.RegularExpressions;
using HookAgent.Ctl.Tests.Doctor;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Transcripts;

/// <summary>What an operator types on a node in some situation, and in what terminal.</summary>
/// <param name="Name">Of the transcript's file.</param>
/// <param name="Situation">For who reads it.</param>
/// <param name="Typed">The command line.</param>
/// <param name="Arrange">Makes the situation.</param>
internal sealed partial record Moment(string Name, string Situation, string Typed, Action<FakeNode> Arrange)
{
    /// <summary>Columns and lines, such as "80x24"; "pipe" for no terminal.</summary>
    public string Terminal { get; init; } = "80x24";

    /// <summary>Hidden options, which the transcript does not show.</summary>
    public Func<FakeNode, string[]> Hidden { get; init; } = static _ => [];

    /// <summary>Breaks something of a healthy site, which hookctl is to look at; null where it looks at none.</summary>
    public Action<HealthySite>? Site { get; init; }

    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>As a user of the node who is not root.</summary>
    public bool AsUser { get; init; }

    /// <summary>A text after which Ctrl-C is typed.</summary>
    public string Until { get; init; } = "";

    /// <summary>Runs it; what the terminal shows in the end, with the times of now made equal.</summary>
    public (string Shown, int ExitCode) Run()
    {
        using FakeNode node = new();
        using HealthySite? site = Site is null ? null : new HealthySite();
        Arrange(node);
        Site?.Invoke(site!);
        if (AsUser)
        {
            // They may not be let into the folder that the program was built in.
            node.OpenToEverybody();
            File.SetUnixFileMode(node.Root.Path, FakeNode.Everybody);
            site?.OpenToEverybody();
            File.Copy(Hookctl.Binary, node.Root["hookctl"]);
        }

        string programs = Directory.CreateDirectory(node.Root["bin"]).FullName;
        string[] words = [.. Words().Matches(Typed).Select(static word => word.Value.Trim('\'', '"'))];
        string[] command =
        [
            Path.Combine(AppContext.BaseDirectory, "Harness", "on-node.sh"), "com0", node.BusSocket, node.RunDirectory, programs,
            .. Terminal == "pipe" ? (string[])[] : ["/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Harness", "in-terminal.py"), .. Terminal.Split('x'), Until],
            .. AsUser ? (string[])["/usr/bin/setpriv", "--reuid=65534", "--clear-groups", node.Root["hookctl"]] : [Hookctl.Binary], .. words[1..], .. Hidden(node), .. site is null ? (string[])[] : ["--root", site.Root],
        ];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = node.Root.Path };
        foreach (string variable in (string[])["SUDO_USER", "SYSTEMD_COLORS", "SYSTEMD_LESS", "PAGER", "COLUMNS", "HOOKAGENT_BIN"])
        {
            start.Environment.Remove(variable);
        }

        (start.Environment["TERM"], start.Environment["TZ"], start.Environment["NO_COLOR"], start.Environment["SYSTEMD_PAGER"]) = ("xterm", "CET-1", "1", "");
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string shown = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (Masked(shown + errors.Result), process.ExitCode);
    }

    /// <summary>Its transcript, as the file has it.</summary>
    public string Transcript()
    {
        (string shown, int exitCode) = Run();
        string exit = exitCode == 0 ? "" : $"[exit code {exitCode}]\n";
        return $"# {Situation} ({Terminal})\n{string.Concat(Environment.Select(static pair => $"{pair.Key}='{pair.Value}' "))}$ {Typed}\n{shown}{exit}";
    }

    /// <summary>The times of now, and what a machine measures: masks of the same length, so that lines break alike.</summary>
    private static string Masked(string shown) => Folder().Replace(Srun().Replace(RoundTrip().Replace(Now().Replace(shown, "Ddd$1YYYY-MM-DD$2hh:mm:ss$3CET"), "N.N ms to hookagentd"), "N ms of srun"), "hookagent-test-XXXXXX")
        .Replace("^C", "^C\n", StringComparison.Ordinal)
        .Replace("\u001b[H\u001b[2J", "[screen cleared]\n", StringComparison.Ordinal);

    [GeneratedRegex("[A-Z][a-z]{2}(\\s+)(?!2025)[0-9]{4}-[0-9]{2}-[0-9]{2}(\\s+)[0-9:]{8}(\\s+)CET")]
    private static partial Regex Now();

    [GeneratedRegex("[0-9.]+ ms to hookagentd")]
    private static partial Regex RoundTrip();

    [GeneratedRegex("hookagent-test-[A-Za-z0-9]{6}")]
    private static partial Regex Folder();

    [GeneratedRegex("[0-9.]+ m?s of srun")]
    private static partial Regex Srun();

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
