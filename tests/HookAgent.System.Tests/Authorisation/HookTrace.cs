using System.Text.RegularExpressions;
using HookAgent.SystemTests.Harness;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>What the hook did in one job, system call by system call, as a real slurmd ran it.</summary>
/// <param name="Environment">Its variables: "NAME=value".</param>
/// <param name="Calls">All it did from its first instruction on that makes or names a file.</param>
internal sealed partial record HookTrace(string Context, IReadOnlyList<string> Environment, IReadOnlyList<string> Calls)
{
    private const string Folder = "/srv/hook-trace";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Follows slurmd and all its children while <paramref name="body"/> runs.</summary>
    public static IReadOnlyList<HookTrace> While(Node node, Action body)
    {
        node.Shell($"rm -rf {Folder}; mkdir {Folder}");
        node.Run(
            "systemd-run", "--unit=hook-trace", "--collect", "--quiet", "--", "sh", "-c",
            $"exec strace -ff -v -s 100000 -qq -o {Folder}/t -e trace=%file,%desc,socket,socketpair,execveat,clone,clone3,fork,vfork -p $(pgrep -xo slurmd)");
        try
        {
            Eventually.True("strace follows slurmd", s_patience, () => node.Try("sh", "-c", "grep -q 'TracerPid:.[1-9]' /proc/$(pgrep -xo slurmd)/status").Succeeded);
            body();
        }
        finally
        {
            node.Run("systemctl", "stop", "hook-trace");
        }

        return [.. node.Shell($"cd {Folder} && grep -l 'execve(\"[^\"]*/slurm-hook\"' t.* || true").Lines.Select(file => Parse(node.Read($"{Folder}/{file}")))];
    }

    private static HookTrace Parse(string text)
    {
        string[] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        int began = Array.FindIndex(lines, line => line.StartsWith("execve(", StringComparison.Ordinal));
        string environment = lines[began][lines[began].LastIndexOf("], [", StringComparison.Ordinal)..];
        string[] variables = [.. Quoted().Matches(environment).Select(match => match.Groups[1].Value)];
        return new HookTrace(
            variables.Single(variable => variable.StartsWith("SLURM_SCRIPT_CONTEXT=", StringComparison.Ordinal)).Split('=')[1],
            variables,
            lines[(began + 1)..]);
    }

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Quoted();
}
