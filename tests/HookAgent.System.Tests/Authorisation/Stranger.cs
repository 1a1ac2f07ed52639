using System.Globalization;
using HookAgent.SystemTests.Harness;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>Somebody on a node who is not root, and tries things.</summary>
internal sealed class Stranger(Node node, string name)
{
    private const string JobUser = "a job of alice";

    /// <summary>Runs each argument as a shell line, and says in one line how it ended and what it said.</summary>
    private const string TryEach =
        """
        for line; do said=$(sh -c "$line" 2>&1 </dev/null); code=$?; printf '%s %s\n' $code "$(printf %s "$said" | tr '\n' ' ')"; done
        """;

    private readonly string[] _become = name == JobUser
        ? ["runuser", "-u", "alice", "--", "srun", "--chdir=/tmp"]
        : ["runuser", "-u", name, "--"];

    public static TheoryData<string> All => ["alice", JobUser, "slurm", "wasimoff"];

    /// <summary>How each shell line went.</summary>
    public IReadOnlyList<Attempt> Try(IReadOnlyList<string> lines)
    {
        IReadOnlyList<string> answers = node.Run([.. _become, "sh", "-c", TryEach, "sh", .. lines]).Lines;
        Assert.Equal(lines.Count, answers.Count);
        return [.. lines.Zip(answers, (line, answer) => Attempt.Parse(line, answer))];
    }

    /// <summary>The same, with how <paramref name="look"/> looked to this person right before and right after.</summary>
    public (string Before, IReadOnlyList<Attempt> Attempts, string After) TryBetween(string look, IReadOnlyList<string> lines)
    {
        IReadOnlyList<Attempt> all = Try([look, .. lines, look]);
        Assert.Equal(0, all[0].ExitCode);
        return (all[0].Said, [.. all.Skip(1).SkipLast(1)], all[^1].Said);
    }
}

/// <summary>A shell line that somebody tried.</summary>
internal sealed record Attempt(string Line, int ExitCode, string Said)
{
    public static Attempt Parse(string line, string answer)
    {
        int space = answer.IndexOf(' ', StringComparison.Ordinal);
        return new Attempt(line, int.Parse(answer[..space], CultureInfo.InvariantCulture), answer[(space + 1)..]);
    }

    public void WasRefused(params string[] words)
    {
        Assert.True(ExitCode != 0, $"{Line}\nwas let through: {Said}");
        Assert.True(words.Any(word => Said.Contains(word, StringComparison.OrdinalIgnoreCase)), $"{Line}\nfailed for another reason: {Said}");
    }

    public void WasAllowed() => Assert.True(ExitCode == 0, $"{Line}\nwas refused: {Said}");
}
