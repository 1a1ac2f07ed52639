using System.Text;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>
/// Reads a slurm.conf as Slurm does (src/common/parse_config.c of 22.05 to 24.11, and what tests/doctor has seen of them):
/// '#' begins a comment unless it is escaped by a backslash; a backslash at a line's end joins the next line unless it is
/// escaped itself, but not in a comment; a value may be quoted; and Include takes one path, no pattern, in which "%c"
/// stands for the cluster's name.
/// </summary>
internal sealed class SlurmConfReader
{
    /// <summary>Slurm itself would follow a circle of Includes until its stack ends.</summary>
    private const int Deepest = 16;

    /// <summary>The keys whose line goes on with keys of their own. Behind any other nothing may follow (measured on 24.11).</summary>
    private static readonly string[] WithMore = ["NodeName", "PartitionName", "NodeSet", "DownNodes", "FrontendName"];

    private static readonly string[] AroundJobs =
        ["Prolog", "PrologSlurmctld", "PrologFlags", "PrologEpilogTimeout", "PrologTimeout", "Epilog", "EpilogSlurmctld", "EpilogMsgTime", "EpilogTimeout"];

    private readonly SystemRoot _root;
    private readonly SlurmVersion? _version;
    private readonly List<string> _files = [];
    private readonly List<SlurmLine> _lines = [];
    private readonly List<MissingInclude> _missing = [];
    private readonly List<RefusedLine> _refused = [];

    private SlurmConfReader(SystemRoot root, SlurmVersion? version) => (_root, _version) = (root, version);

    /// <param name="path">The slurm.conf, as the node sees it.</param>
    /// <param name="version">The release that reads it; null where that is not known.</param>
    public static SlurmConf Read(SystemRoot root, string path, SlurmVersion? version = null)
    {
        SlurmConfReader reader = new(root, version);
        string? text = root.TryReadText(path, out string? problem);
        if (text is not null)
        {
            reader.Take(path, text, 0);
        }

        return new SlurmConf(path, reader._files, reader._lines, reader._missing, reader._refused, problem);
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
            if (IsGluedToInclude(raw, line))
            {
                _refused.Add(new RefusedLine(raw.ToString().Trim(), $"{file}:{number}") { Meant = line.Trim().ToString() });
            }

            bool goesOn = IsEscaped(line, line.Length);
            joined.Append(goesOn ? line[..^1] : line);
            if (!goesOn)
            {
                TakeLine(joined.ToString(), file, begin, depth);
                joined.Clear();
                begin = number + 1;
            }
        }

        TakeLine(joined.ToString(), file, begin, depth);
    }

    private void TakeLine(string whole, string file, int number, int depth)
    {
        const string include = "include";
        string line = whole.Trim();
        string place = $"{file}:{number}";
        if (line.StartsWith(include, StringComparison.OrdinalIgnoreCase) && line.Length > include.Length && char.IsWhiteSpace(line[include.Length]))
        {
            Include(line[include.Length..].Trim(), file, place, depth);
            return;
        }

        SlurmLine? before = null;
        if (KeyValue.TryRead(line, out KeyValue pair))
        {
            before = new SlurmLine(pair.Key, pair.Value, pair.Rest, file, number);
            if (IsMisspelt(pair.Key))
            {
                _refused.Add(new RefusedLine(line, place) { Meant = pair.Key.Equals(include, StringComparison.OrdinalIgnoreCase) ? $"Include {pair.Value}" : null });
                return;
            }

            _lines.Add(before);
            line = pair.Rest;
            while (WithMore.Contains(_lines[^1].Key, StringComparer.OrdinalIgnoreCase) && KeyValue.TryRead(line, out pair))
            {
                line = pair.Rest;
            }
        }

        if (line.Length > 0)
        {
            _refused.Add(new RefusedLine(line, place) { Before = before });
        }
    }

    private void Include(string name, string from, string place, int depth)
    {
        if (name.Contains("%c", StringComparison.Ordinal) && _lines.LastOrDefault(static line => line.Key.Equals("ClusterName", StringComparison.OrdinalIgnoreCase)) is { } cluster)
        {
            name = name.Replace("%c", cluster.Value.ToLowerInvariant(), StringComparison.Ordinal);
        }

        // Up to 22.05 Slurm looks beside the file that includes, from 23.02 beside the slurm.conf.
        string[] folders = _version switch
        {
            { } known when known.IsAtLeast(23, 2) => [FolderOf(_files[0])],
            { } => [FolderOf(from)],
            _ => [FolderOf(from), FolderOf(_files[0])],
        };
        string[] paths = [.. folders.Select(folder => Path.Combine(folder, name))];
        if (depth < Deepest && paths.FirstOrDefault(path => _root.TryReadText(path, out _) is not null) is { } file)
        {
            Take(file, _root.TryReadText(file, out _)!, depth + 1);
        }
        else
        {
            _missing.Add(new MissingInclude(paths[0], place));
        }
    }

    /// <summary>Whether it looks like a key for the hook and is none of any release up to 26.05. Not every key is known here.</summary>
    private static bool IsMisspelt(string key) =>
        key.Equals("Include", StringComparison.OrdinalIgnoreCase)
        || ((key.StartsWith("Prolog", StringComparison.OrdinalIgnoreCase) || key.StartsWith("Epilog", StringComparison.OrdinalIgnoreCase))
            && !AroundJobs.Contains(key, StringComparer.OrdinalIgnoreCase));

    /// <summary>Slurm looks for what follows the path of an Include in the comment, too, where the '#' is right behind the path (22.05, 24.11).</summary>
    private static bool IsGluedToInclude(ReadOnlySpan<char> raw, ReadOnlySpan<char> line) =>
        line.Length < raw.Length && line.TrimStart().StartsWith("include ", StringComparison.OrdinalIgnoreCase)
        && raw[line.Length] == '#' && raw[line.Length..].TrimEnd().IndexOfAny(' ', '\t') >= 0;

    private static string FolderOf(string file) => Path.GetDirectoryName(file) ?? "/";

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
