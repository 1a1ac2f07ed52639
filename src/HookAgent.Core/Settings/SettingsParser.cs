namespace HookAgent.Core.Settings;

/// <summary>
/// Reads settings files one after the other, a later assignment replacing an earlier one, and goes on after
/// an error so that all of them are told at once. Pure: it is given each file's text.
/// </summary>
public sealed class SettingsParser
{
    /// <summary>More errors than these are counted, not listed: such a file is not a settings file.</summary>
    public const int MostErrors = 100;

    private const int LongestQuote = 80;

    private readonly List<SettingsError> _errors = [];
    private readonly List<string> _files = [];
    private (string File, int Line) _unitWritten = ("", 0);
    private AgentSettings _settings = AgentSettings.Defaults;
    private int _unlisted;

    /// <summary>Applies one file.</summary>
    /// <param name="file">Its path, for the messages.</param>
    /// <param name="text">Its whole content.</param>
    public void Read(string file, string text)
    {
        _files.Add(file);
        string? section = null;
        bool skipping = false;
        foreach (SettingsLine line in SettingsLine.Cut(text))
        {
            if (line.Text.Any(static c => char.IsControl(c) && c != '\t'))
            {
                Refuse(file, line.Number, "holds a control character; a settings file is plain text");
                return;
            }

            if (line.Text.StartsWith('['))
            {
                section = EnterSection(file, line);
                skipping = section is null;
            }
            else if (!skipping)
            {
                Assign(file, line, section);
            }
        }
    }

    /// <summary>Adds what kept a file from being read.</summary>
    public void Refuse(string file, int line, string message)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add(new SettingsError(file, line, message));
        }
        else
        {
            _unlisted++;
        }
    }

    /// <summary>The outcome over all files read so far.</summary>
    public SettingsResult Finish()
    {
        if (RequiredUnits.Cover(_settings.RequireUnit, _settings.Unit))
        {
            Refuse(_unitWritten.File, _unitWritten.Line,
                $"Unit= and RequireUnit= both name {_settings.Unit}; the unit that is lent the node cannot be the one the node cannot do without");
        }

        if (_errors.Count == 0)
        {
            return new SettingsResult.Valid(_settings, _files);
        }

        return new SettingsResult.Invalid(_unlisted == 0
            ? _errors
            : [.. _errors, new SettingsError(_errors[^1].File, 0, $"{_unlisted} more errors are not listed")]);
    }

    private string? EnterSection(string file, SettingsLine line)
    {
        string[] known = [.. SettingKey.All.Select(static key => key.Section).Distinct()];
        if (!line.Text.EndsWith(']'))
        {
            Refuse(file, line.Number, $"{Quote(line.Text)} is not a section; accepted is {Sections(known)} alone on a line");
            return null;
        }

        string name = line.Text[1..^1];
        if (known.Contains(name))
        {
            return name;
        }

        string hint = NearestName.Of(name, known) is { } nearest ? $"did you mean [{nearest}]?" : $"accepted is {Sections(known)}";
        Refuse(file, line.Number, $"unknown section {Quote(line.Text)}; {hint}");
        return null;
    }

    private void Assign(string file, SettingsLine line, string? section)
    {
        int equals = line.Text.IndexOf('=');
        if (equals <= 0)
        {
            Refuse(file, line.Number, $"{Quote(line.Text)} is not an assignment; accepted is Key=value, or a comment that begins with #");
            return;
        }

        string name = line.Text[..equals].TrimEnd();
        string value = line.Text[(equals + 1)..].TrimStart();
        SettingKey? key = SettingKey.All.FirstOrDefault(key => key.Section == section && key.Name == name);
        if (key is null)
        {
            Refuse(file, line.Number, UnknownKey(name, section));
            return;
        }

        AgentSettings? changed = value.Length == 0 ? key.Clear(_settings) : key.Assign(_settings, value);
        if (changed is null)
        {
            Refuse(file, line.Number, $"{key.Name}={Quote(value)} is not valid; accepted is {key.Accepts}");
            return;
        }

        if (changed.Unit != _settings.Unit || changed.RequireUnit != _settings.RequireUnit)
        {
            _unitWritten = (file, line.Number);
        }

        _settings = changed;
    }

    private static string UnknownKey(string name, string? section)
    {
        SettingKey? elsewhere = SettingKey.All.FirstOrDefault(key => key.Name == name);
        if (elsewhere is not null)
        {
            return section is null
                ? $"{name}= stands before any section; it belongs below a line [{elsewhere.Section}]"
                : $"{name}= is not a key of [{section}]; it belongs into [{elsewhere.Section}]";
        }

        IEnumerable<SettingKey> near = SettingKey.All.Where(key => section is null || key.Section == section);
        string? nearest = NearestName.Of(name, near.Select(static key => key.Name));
        SettingKey? meant = SettingKey.All.FirstOrDefault(key => key.Name == (nearest
            ?? NearestName.Of(name, SettingKey.All.Select(static key => key.Name))));
        string hint = meant is null
            ? $"accepted is {string.Join(", ", near.Select(static key => $"{key.Name}="))}"
            : $"did you mean {meant.Name}= in [{meant.Section}]?";
        return $"unknown key {Quote(name)}= {(section is null ? "before any section" : $"in [{section}]")}; {hint}";
    }

    private static string Sections(string[] known) => string.Join(", ", known.Select(static name => $"[{name}]"));

    private static string Quote(string text) => text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…";
}
