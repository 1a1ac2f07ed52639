using System.Text;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>
/// Reads a slurm.conf as Slurm does (src/common/parse_config.c of 22.05 to 24.11): '#' begins a comment unless it is
/// escaped by a backslash, a backslash at a line's end joins the next line unless it is escaped itself, a value may be
/// quoted, and Include takes a path relative to the file that names it, in which "%c" stands for the cluster's name. A
/// pattern is followed too.
/// </summary>
internal sealed class SlurmConfReader
{
    /// <summary>Slurm itself would follow a circle of Includes until its stack ends.</summary>
    private const int Deepest = 16;

    private readonly SystemRoot _root;
    private readonly List<string> _files = [];
    private readonly List<SlurmLine> _lines = [];
    private readonly List<MissingInclude> _missing = [];

    private SlurmConfReader(SystemRoot root) => _root = root;

    /// <param name="path">The slurm.conf, as the node sees it.</param>
    public static SlurmConf Read(SystemRoot root, string path)
    {
        SlurmConfReader reader = new(root);
        string? text = root.TryReadText(path, out string? problem);
        if (text is not null)
        {
            reader.Take(path, text, 0);
        }

        return new SlurmConf(path, reader._files, reader._lines, reader._missing, problem);
    }

    private void Take(string file, string text, int depth)
    {
        _files.Add(file);
        StringBuilder joined = new();
        int number = 0;
        int begin = 1;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = WithoutComment(raw).TrimEnd();
            bool goesOn = IsEscaped(line, line.Length);
            joined.Append(goesOn ? line[..^1] : line);
            if (!goesOn)
            {
                TakeLine(joined.ToString().Trim(), file, begin, depth);
                joined.Clear();
                begin = number + 1;
            }
        }

        TakeLine(joined.ToString().Trim(), file, begin, depth);
    }

    private void TakeLine(string line, string file, int number, int depth)
    {
        const string include = "include";
        if (line.StartsWith(include, StringComparison.OrdinalIgnoreCase) && line.Length > include.Length && char.IsWhiteSpace(line[include.Length]))
        {
            Include(line[include.Length..].Trim(), file, $"{file}:{number}", depth);
        }
        else if (KeyValue.TryRead(line, out KeyValue pair))
        {
            _lines.Add(new SlurmLine(pair.Key, pair.Value, pair.Rest, file, number));
        }
    }

    private void Include(string name, string from, string place, int depth)
    {
        if (name.Contains("%c", StringComparison.Ordinal) && _lines.LastOrDefault(static line => line.Key.Equals("ClusterName", StringComparison.OrdinalIgnoreCase)) is { } cluster)
        {
            name = name.Replace("%c", cluster.Value.ToLowerInvariant(), StringComparison.Ordinal);
        }

        string path = Path.Combine(Path.GetDirectoryName(from) ?? "/", name);
        IReadOnlyList<string> found = _root.Glob(path);
        if (found.Count == 0 && _files[0] != from)
        {
            // 24.11 looks beside the slurm.conf for what an included file includes.
            found = _root.Glob(Path.Combine(Path.GetDirectoryName(_files[0]) ?? "/", name));
        }

        if (found.Count == 0 || depth >= Deepest)
        {
            _missing.Add(new MissingInclude(path, place));
            return;
        }

        foreach (string file in found)
        {
            if (_root.TryReadText(file, out _) is { } text)
            {
                Take(file, text, depth + 1);
            }
            else
            {
                _missing.Add(new MissingInclude(file, place));
            }
        }
    }

    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '#' && !IsEscaped(line, i))
            {
                return line[..i];
            }
        }

        return line;
    }

    /// <summary>Whether what is there, or the line's end, has a backslash before it that is not escaped: an odd number of them.</summary>
    private static bool IsEscaped(ReadOnlySpan<char> line, int at)
    {
        ReadOnlySpan<char> before = line[..at];
        return (before.Length - before.TrimEnd('\\').Length) % 2 == 1;
    }
}
