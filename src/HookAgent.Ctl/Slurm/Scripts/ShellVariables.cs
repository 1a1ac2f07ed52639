using System.Text;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>
/// The variables of a script while it is followed, and what words become with them. A variable may stand for several
/// values: a loop's for all that it takes in turn.
/// </summary>
internal sealed class ShellVariables
{
    /// <summary>In place of a text that nobody knows before the job runs, and that is not empty.</summary>
    public const char Unknown = '\uFFFF';

    /// <summary>As before, but it may be empty.</summary>
    public const char UnknownOrEmpty = '\uFFFE';

    /// <summary>More values than any loop of a site has; what is beyond is left out.</summary>
    private const int MostValues = 256;

    /// <summary>What slurmd sets for every job (measured, 22.05 and 24.11).</summary>
    private static readonly string[] AlwaysSet =
    [
        "SLURM_JOB_ID", "SLURM_JOBID", "SLURM_JOB_USER", "SLURM_JOB_UID", "SLURM_JOB_GID", "SLURM_UID", "SLURM_JOB_PARTITION",
        "SLURM_NODELIST", "SLURMD_NODENAME", "SLURM_CLUSTER_NAME", "SLURM_CONF", "SLURM_JOB_NUM_NODES",
    ];

    private readonly SystemRoot _root;
    private readonly Dictionary<string, IReadOnlyList<string>> _values = [];

    /// <param name="root">The node's files.</param>
    /// <param name="context">"prolog" or "epilog".</param>
    public ShellVariables(SystemRoot root, string context)
    {
        _root = root;
        _values["SLURM_SCRIPT_CONTEXT"] = [$"{context}_slurmd"];
        foreach (string name in AlwaysSet)
        {
            _values[name] = [Unknown.ToString()];
        }
    }

    /// <summary>Where relative paths begin.</summary>
    public string Folder { get; set; } = "/";

    public IReadOnlyList<string> this[string name]
    {
        get => _values.TryGetValue(name, out IReadOnlyList<string>? set) ? set
            : name.StartsWith("SLURM", StringComparison.Ordinal) || name is "?" or "$" or "#" or "RANDOM" or "HOSTNAME" ? [UnknownOrEmpty.ToString()] : [""];
        set => _values[name] = value;
    }

    public static bool IsKnown(string text) => text.AsSpan().IndexOfAny(Unknown, UnknownOrEmpty) < 0;

    /// <summary>All that a word may become, with its wildcards still in it.</summary>
    public IReadOnlyList<string> Expand(string word)
    {
        List<StringBuilder> values = [new()];
        bool quoted = false;
        for (int i = 0; i < word.Length; i++)
        {
            switch (word[i])
            {
                case '\'' when !quoted:
                    int end = word.IndexOf('\'', i + 1) is >= 0 and var found ? found : word.Length;
                    Append(values, [word[(i + 1)..end]]);
                    i = end;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' when i + 1 < word.Length:
                    Append(values, [word[++i].ToString()]);
                    break;
                case '`':
                    int close = ShellTokens.EndOf(word, i);
                    Append(values, Printed(word[(i + 1)..close]));
                    i = close;
                    break;
                case '$' when i + 1 < word.Length && word[i + 1] is '(' or '{':
                    int last = ShellTokens.EndOf(word, i + 1);
                    string inner = word[(i + 2)..last];
                    Append(values, word[i + 1] == '(' ? Printed(inner) : Parameter(inner));
                    i = last;
                    break;
                case '$' when i + 1 < word.Length:
                    int length = NameLength(word.AsSpan(i + 1));
                    length = length == 0 && word[i + 1] is '@' or '*' or '#' or '?' or '$' or '!' or (>= '0' and <= '9') ? 1 : length;
                    Append(values, length == 0 ? ["$"] : this[word.Substring(i + 1, length)]);
                    i += length;
                    break;
                default:
                    Append(values, [word[i].ToString()]);
                    break;
            }
        }

        return [.. values.Select(static value => value.ToString())];
    }

    /// <summary>All that a word may become, with the files that its wildcards fit; a pattern that fits none stays.</summary>
    public IEnumerable<string> Files(string word) => Expand(word).SelectMany(Fitting);

    /// <summary>The files that a word may become for one job or another, where what nobody knows is a part of their path.</summary>
    public IEnumerable<string> Guesses(string word) => Expand(word).Where(static text => text.StartsWith('/') && !IsKnown(text))
        .SelectMany(text => _root.Glob(text.Replace(Unknown, '*').Replace(UnknownOrEmpty, '*')));

    /// <summary>The length of the name of a variable at the beginning; 0 for none.</summary>
    public static int NameLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetter(text[length]) || text[length] == '_' || (length > 0 && char.IsAsciiDigit(text[length]))))
        {
            length++;
        }

        return length;
    }

    private IReadOnlyList<string> Fitting(string text)
    {
        if (!GlobPattern.HasWildcards(text) || !IsKnown(text))
        {
            return [text];
        }

        bool isRelative = !text.StartsWith('/');
        IReadOnlyList<string> found = _root.Glob(Path.Combine(Folder, text));
        return found.Count == 0 ? [text] : !isRelative ? found : [.. found.Select(path => Path.GetRelativePath(Folder, path))];
    }

    /// <summary>"${NAME}" and its forms with a default or a part that is cut off.</summary>
    private IReadOnlyList<string> Parameter(string text)
    {
        int length = NameLength(text);
        length = length == 0 && text.Length > 0 && !text.StartsWith('#') ? 1 : length;
        if (length == 0)
        {
            return [Unknown.ToString()];
        }

        string name = text[..length];
        string rest = text[length..];
        IReadOnlyList<string> set = this[name];
        switch (rest)
        {
            case "" or ['[', ..]:
                return set;
            case [':', '-' or '=', ..] or ['-' or '=', ..]:
                string byDefault = rest.TrimStart(':')[1..];
                IReadOnlyList<string> value = set is [""] ? Expand(byDefault) : set;
                if (rest.TrimStart(':')[0] == '=')
                {
                    this[name] = value;
                }

                return value;
            case ['%' or '#', ..]:
                bool isEnd = rest[0] == '%';
                bool isLongest = rest.Length > 1 && rest[1] == rest[0];
                string pattern = Expand(rest[(isLongest ? 2 : 1)..])[0];
                return [.. set.Select(text => Cut(text, pattern, isEnd, isLongest))];
            default:
                return [UnknownOrEmpty.ToString()];
        }
    }

    private static string Cut(string text, string pattern, bool isEnd, bool isLongest)
    {
        IEnumerable<int> lengths = Enumerable.Range(0, text.Length + 1);
        foreach (int length in isLongest ? lengths.Reverse() : lengths)
        {
            if (GlobPattern.Fits(pattern, isEnd ? text.AsSpan(text.Length - length) : text.AsSpan(0, length)))
            {
                return isEnd ? text[..^length] : text[length..];
            }
        }

        return text;
    }

    /// <summary>What a command in a word prints, of the few whose output is a matter of files.</summary>
    private IReadOnlyList<string> Printed(string command)
    {
        List<ShellToken> tokens = ShellTokens.Of(command);
        string[] words = [.. tokens.TakeWhile(static token => !token.IsOperator).Select(static token => token.Text)];
        string[] operands = [.. words.Skip(1).Where(static word => !word.StartsWith('-'))];
        IReadOnlyList<string> first = operands.Length > 0 ? Expand(operands[0]) : [""];
        return (words.FirstOrDefault(), operands.Length) switch
        {
            ("dirname", > 0) => [.. first.Select(static path => Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".")],
            ("basename", > 0) => [.. first.Select(static path => Path.GetFileName(path.TrimEnd('/')))],
            ("readlink" or "realpath", > 0) => [.. first.Select(path => IsKnown(path) ? _root.Resolve(Path.Combine(Folder, path)) : path)],
            ("cd", > 0) when tokens.Any(static token => token.Text == "pwd") => [.. first.Select(path => Path.Combine(Folder, path))],
            ("pwd", _) => [Folder],
            ("echo", > 0) => [string.Join(' ', operands.Select(word => Expand(word)[0]))],
            ("ls" or "find", _) => [.. Listed(words)],
            _ => [UnknownOrEmpty.ToString()],
        };
    }

    /// <summary>The files that "ls" or "find" prints of its first folder.</summary>
    /// <param name="words">The command and its words.</param>
    public IEnumerable<string> Listed(IReadOnlyList<string> words)
    {
        string folder = words.Skip(1).FirstOrDefault(static word => !word.StartsWith('-')) is { } operand ? Files(operand).First() : Folder;
        bool isFind = words[0] == "find";
        string full = Path.Combine(Folder, folder);
        return _root.IsFolder(full) ? _root.Glob($"{full}/*").Select(path => isFind ? path : Path.GetFileName(path)) : isFind ? [] : Files(words[^1]);
    }

    private static void Append(List<StringBuilder> values, IReadOnlyList<string> more)
    {
        if (more.Count == 1)
        {
            values.ForEach(value => value.Append(more[0]));
            return;
        }

        string[] before = [.. values.Select(static value => value.ToString())];
        values.Clear();
        values.AddRange(before.SelectMany(begin => more.Select(end => new StringBuilder(begin + end))).Take(MostValues));
    }
}
