using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm.Scripts;

namespace HookAgent.Ctl.Slurm;

/// <summary>What a program of Prolog= or Epilog= comes to.</summary>
/// <param name="RunsHook">Whether it runs the hook; null where that depends on the job.</param>
/// <param name="Failure">Why it fails at every job, so that slurmd drains the node; null where it does not.</param>
/// <param name="Mend">The command that mends it, with "{}" for its path; null where only its writer can.</param>
internal sealed record HookScript(bool? RunsHook, string? Failure = null, string? Mend = null)
{
    /// <summary>
    /// Whether it, or a script that it runs, names the hook outside of comments: by its name, a link to it, or a folder with
    /// one. What is named can be run in more ways than can be followed.
    /// </summary>
    public bool NamesHook { get; init; }
}

/// <summary>The programs that a value of Prolog= or Epilog= stands for, and which of them run the hook.</summary>
internal static class HookScripts
{
    /// <summary>How deep scripts that run scripts are followed. It also ends circles.</summary>
    private const int Deepest = 4;

    /// <summary>The keys of slurm.conf that may name it.</summary>
    public static readonly string[] Keys = ["Prolog", "Epilog"];

    /// <summary>Where the package puts the hook.</summary>
    public const string HookPath = "/usr/libexec/hookagent/slurm-hook";

    private static readonly string HookName = Path.GetFileName(HookPath);

    private static readonly string[] Shells = ["sh", "bash", "dash", "ksh", "mksh", "zsh", "ash"];

    /// <summary>What ends a path in the line of a script that is none of a shell.</summary>
    private static readonly char[] BetweenPaths = [' ', '\t', '\r', '"', '\'', ';', '&', '|', '(', ')', '<', '>', '=', ':', '`', ',', '[', ']'];

    /// <summary>The programs that are there, in the order of their names.</summary>
    /// <param name="value">A path or a glob(7) pattern.</param>
    /// <param name="folder">That of the slurm.conf, for a path that is not absolute.</param>
    public static IReadOnlyList<string> Of(SystemRoot root, string value, string folder) =>
        root.Glob(Path.Combine(folder, value));

    /// <summary>Whether a program is the hook, a link to it, or a script that runs it, maybe by way of others.</summary>
    /// <param name="context">"prolog" or "epilog": a script may be both.</param>
    public static HookScript Look(SystemRoot root, string program, string context) => Look(root, program, [], context, 0);

    private static HookScript Look(SystemRoot root, string program, IReadOnlyList<string> arguments, string context, int depth)
    {
        if (root.Resolve(program) == HookPath)
        {
            // As the other of the two it does that one's work: a Prolog that ends the job leaves the node lent beside it.
            bool isOther = arguments is [var verb, ..] && Keys.Any(key => key.Equals(verb, StringComparison.OrdinalIgnoreCase)) && verb != context;
            return new HookScript(!isOther) { NamesHook = true };
        }

        if (depth == Deepest || root.TryReadText(program, out _) is not { } text)
        {
            return new HookScript(false);
        }

        // The kernel runs what is no script; a shell, but not slurmd, runs what only lacks the first line.
        bool isScript = text.StartsWith("#!", StringComparison.Ordinal);
        if (!isScript && text.Contains('\0', StringComparison.Ordinal))
        {
            return new HookScript(false) { NamesHook = text.Contains(HookPath, StringComparison.Ordinal) };
        }

        bool? named = Names(root, text);
        bool isNamed = named != false || Lines(text).Any(static line => line.Contains(HookName, StringComparison.Ordinal));
        if (!isScript)
        {
            HookScript inner = depth > 0 ? Followed(root, program, text, arguments, context, depth) : new HookScript(false);
            return inner with { NamesHook = inner.NamesHook || isNamed, Failure = "has no first line such as #!/bin/sh", Mend = "sed -i '1i #!/bin/sh' {}" };
        }

        string[] first = text[2..].Split('\n')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        string interpreter = first.FirstOrDefault() ?? "";
        string? failure = text.Split('\n')[0].EndsWith('\r') ? "has lines that end with CR LF, and there is no interpreter of that name"
            : root.IsFile(interpreter) ? null : $"is to be run by {interpreter}, which is not there";
        string? mend = text.Split('\n')[0].EndsWith('\r') ? "sed -i 's/\\r$//' {}" : null;
        string language = Path.GetFileName(interpreter) == "env" ? first.ElementAtOrDefault(1) ?? "" : Path.GetFileName(interpreter);
        HookScript look = Shells.Contains(language) ? Followed(root, program, text, arguments, context, depth) : new HookScript(named);
        return look with { NamesHook = look.NamesHook || isNamed, Failure = failure ?? look.Failure, Mend = mend };
    }

    /// <summary>Whether a program is a script of a shell, as its first line says.</summary>
    public static bool IsShell(SystemRoot root, string program) =>
        root.TryReadText(program, out _) is { } text && text.StartsWith("#!", StringComparison.Ordinal)
        && text[2..].Split('\n')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).Any(static word => Shells.Contains(Path.GetFileName(word)));

    private static HookScript Followed(SystemRoot root, string program, string text, IReadOnlyList<string> arguments, string context, int depth)
    {
        bool namesHook = false;
        ShellScript followed = ShellScript.Follow(root, program, text, arguments, context, (named, words) =>
        {
            if (!IsRunnable(root, named))
            {
                return false;
            }

            HookScript inner = Look(root, named, words, context, depth + 1);
            namesHook |= inner.NamesHook;
            return inner.RunsHook;
        });
        return new HookScript(followed.RunsHook, followed.ExitCode is > 0 and var code ? $"ends with exit code {code}" : null) { NamesHook = namesHook };
    }

    private static bool IsRunnable(SystemRoot root, string path) => root.IsExecutable(path) == true;

    /// <summary>Of another language only whether it names the hook outside of comments; null where it names a folder with it, or a pattern that fits it.</summary>
    private static bool? Names(SystemRoot root, string text)
    {
        string[] named =
        [
            .. Lines(text).SelectMany(static line => line.Split(BetweenPaths, StringSplitOptions.RemoveEmptyEntries))
                .Where(static word => word.StartsWith('/')),
        ];
        return named.Any(word => root.Resolve(word) == HookPath) ? true
            : named.Any(word => root.Glob(word).Concat(root.Glob($"{word}/*")).Any(inner => root.Resolve(inner) == HookPath)) ? null : false;
    }

    /// <summary>Those that are no comments.</summary>
    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(static line => !line.TrimStart().StartsWith('#'));
}
