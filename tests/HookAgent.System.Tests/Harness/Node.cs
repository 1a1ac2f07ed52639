using System.Globalization;

namespace HookAgent.SystemTests.Harness;

/// <summary>A node of the lab: runs commands in it and reads and writes its files.</summary>
internal sealed class Node(string name, string[] enter)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    public string Name => name;

    /// <summary>The node's PID 1, by its number on this machine.</summary>
    public int FirstProcess
    {
        get
        {
            string space = Run("readlink", "/proc/1/ns/pid").Text;
            return Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name![0] is >= '1' and <= '9').Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .First(process => IsFirstOf(space, process));
        }
    }

    /// <summary>Runs a command as root; it may fail.</summary>
    public CommandResult Try(params string[] words) => Command.Run([.. enter, .. words], s_limit);

    /// <summary>Runs a command as root; it must succeed.</summary>
    public CommandResult Run(params string[] words) => Try(words).Check();

    public CommandResult Shell(string script) => Run("sh", "-c", script);

    public CommandResult TryAsAlice(params string[] words) => Try(["runuser", "-u", "alice", "--", .. words]);

    public CommandResult AsAlice(params string[] words) => TryAsAlice(words).Check();

    public string Read(string path) => Run("cat", path).Output;

    public IReadOnlyList<string> List(string folder) => Run("ls", folder).Lines;

    public void Write(string path, string text, string mode = "0644") =>
        Command.Run([.. enter, "sh", "-c", "mkdir -p \"${1%/*}\" && cat >\"$1\" && chmod \"$2\" \"$1\"", "sh", path, mode], s_limit, text).Check();

    /// <summary>Copies a program of this machine into the node.</summary>
    public void Bring(string program, string path)
    {
        string encoded = Convert.ToBase64String(File.ReadAllBytes(program));
        Command.Run([.. enter, "sh", "-c", "mkdir -p \"${1%/*}\" && base64 -d >\"$1\" && chmod 0755 \"$1\"", "sh", path], s_limit, encoded).Check();
    }

    public string UnitProperty(string unit, string property) => Run("systemctl", "show", "--value", "-p", property, unit).Text;

    public string ActiveState(string unit) => UnitProperty(unit, "ActiveState");

    private static bool IsFirstOf(string space, int process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/pid").LinkTarget == space
                && File.ReadLines($"/proc/{process}/status").Any(static line => line.StartsWith("NSpid:", StringComparison.Ordinal) && line.EndsWith("\t1", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return false;
        }
    }
}
