namespace HookAgent.Ctl;

/// <summary>
/// The words of a command line as the parser takes them: the verb first, then its options by their long names, each with its
/// value in one word. Options may stand before the verb; short ones may stand together ("-wq", "-ojson").
/// </summary>
/// <param name="Verb">Null where none is written.</param>
/// <param name="Rest">All others, as they were but for the names.</param>
internal sealed record CommandWords(string? Verb, IReadOnlyList<string> Rest)
{
    private const string Help = "--help";
    private const string Version = "--version";

    /// <summary>By their letters.</summary>
    public static IReadOnlyDictionary<char, string> ShortNames { get; } = new Dictionary<char, string>
    {
        ['h'] = Help,
        ['V'] = Version,
        ['o'] = "--output",
        ['q'] = "--quiet",
        ['w'] = "--watch",
    };

    public bool AsksForHelp => Rest.Contains(Help);

    public bool AsksForVersion => Rest.Contains(Version);

    public static CommandWords Of(string[] arguments)
    {
        List<string> words = [.. arguments.SelectMany(LongNames)];
        ILookup<string, bool> takesValue = Ctl.Verb.All.SelectMany(static verb => verb.OptionList)
            .ToLookup(static option => option.Name, static option => option.TakesValue);
        for (int i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                return new CommandWords(words[i], [.. words[..i], .. words[(i + 1)..]]);
            }

            i += takesValue[words[i]].FirstOrDefault() ? 1 : 0;
        }

        return new CommandWords(null, words);
    }

    /// <summary>
    /// Tells options from operands; what is wrong with the options, and null where nothing is. The parser takes the next
    /// option's name for a missing value, an empty value for none, and anything after the "=" of a switch for an argument: to
    /// act on half a command line is worse than to refuse it.
    /// </summary>
    /// <param name="options">For the parser: each with its value as one word, which may begin with a dash.</param>
    /// <param name="operands">All other words.</param>
    public string? Sort(Verb verb, out IReadOnlyList<string> options, out IReadOnlyList<string> operands)
    {
        List<string> sorted = [];
        List<string> others = [];
        (options, operands) = (sorted, others);
        HashSet<string> seen = [];
        for (int i = 0; i < Rest.Count; i++)
        {
            string[] parts = Rest[i].Split('=', 2);
            if (Rest[i] == "--")
            {
                others.AddRange(Rest.Skip(i + 1));
                break;
            }

            if (!parts[0].StartsWith('-') || parts[0] == "-")
            {
                others.Add(Rest[i]);
                continue;
            }

            if (verb.OptionList.FirstOrDefault(option => option.Name == parts[0]) is not { } option)
            {
                return $"unknown option '{parts[0]}'{Suggestion(parts[0], verb)}";
            }

            if (!seen.Add(option.Name))
            {
                return $"{option.Name} is given more than once";
            }

            string? value = parts.Length > 1 ? parts[1] : option.TakesValue ? Rest.ElementAtOrDefault(++i) : null;
            if (!option.TakesValue && value is not null)
            {
                return $"{option.Name} takes no value";
            }

            if (option.TakesValue && (string.IsNullOrEmpty(value) || (parts.Length == 1 && value.StartsWith('-') && !IsNegative(value) && value != "-")))
            {
                return $"{option.Name} needs a value{(option.Option.MetaValue is { Length: > 0 } what ? $": {option.Name} {what}" : "")}";
            }

            sorted.Add(value is null ? option.Name : $"{option.Name}={value}");
        }

        return null;
    }

    /// <summary>Such as the "-2h" of --since.</summary>
    private static bool IsNegative(string value) => value.Length > 1 && value[0] == '-' && char.IsAsciiDigit(value[1]);

    /// <summary>A word of short options as as many of long ones, and any other as it is.</summary>
    private static IEnumerable<string> LongNames(string word)
    {
        if (word.Length < 2 || word[0] != '-' || !word[1..].All(static letter => char.IsAsciiLetter(letter) || letter == '=') || !ShortNames.ContainsKey(word[1]))
        {
            return [word];
        }

        List<string> names = [];
        for (int i = 1; i < word.Length; i++)
        {
            string name = ShortNames.GetValueOrDefault(word[i], $"-{word[i]}");
            if (name == "--output" && i + 1 < word.Length)
            {
                names.Add($"{name}={word[(i + 1)..].TrimStart('=')}");
                break;
            }

            names.Add(name);
        }

        return names;
    }

    private static string Suggestion(string written, Verb verb) =>
        Core.NearestName.Of(written, [.. verb.OptionList.Where(static option => !option.Option.Hidden).Select(static option => option.Name), Help, Version, "-h", "-V"]) is { } nearest
            ? $"; did you mean '{nearest}'?"
            : "";
}
