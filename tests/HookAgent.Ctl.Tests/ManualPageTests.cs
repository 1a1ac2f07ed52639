using System.Text.RegularExpressions;
using HookAgent.Bus;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests;

/// <summary>hookctl(1) says what --help says, and names every key of the JSON; by its source.</summary>
public sealed partial class ManualPageTests
{
    /// <summary>A synopsis that is longer than a line of 80 columns is broken between two options.</summary>
    private static readonly string[] s_lines = LongSynopsis().Replace(File.ReadAllText(Find("packaging/man/hookctl.1.scd")), " ").Split('\n');

    [Fact]
    public void Its_synopsis_is_that_of_help() => Assert.Equal(
        Verb.All.Select(verb => verb.Synopsis),
        Section("SYNOPSIS").Where(line => line.Length > 0).Select(Plain));

    [Fact]
    public void It_describes_each_command_under_the_same_words() => Assert.Equal(
        Verb.All.Select(verb => verb.Synopsis),
        Section("DESCRIPTION").Where(line => line.StartsWith("*hookctl ", StringComparison.Ordinal)).Select(Plain).Where(line => !line.StartsWith("hookctl talks", StringComparison.Ordinal)));

    [Fact]
    public void Its_exit_codes_are_those_of_help()
    {
        string[] section = [.. Section("EXIT STATUS").Where(line => line.Length > 0).Select(Plain)];

        Assert.Equal(HelpPage.ExitCodes.SelectMany(row => row), section);
    }

    [Fact]
    public void It_describes_every_check_that_doctor_makes()
    {
        string[] described = [.. Section("CHECKS").Where(line => line.StartsWith('*') && !line.StartsWith("*doctor*", StringComparison.Ordinal))
            .Select(line => Assert.Single(Bold(line)))];
        string[] providers = [.. ProviderLineName().Matches(File.ReadAllText(Find("packaging/wasimoff/wasimoff-provider"))).Select(match => $"provider-{match.Groups[1].Value}")];

        Assert.Equal([.. Checks().Concat(providers).Distinct().Order()], described.Distinct().Order());
    }

    /// <summary>What a verb's object may have, by the paragraph that describes it.</summary>
    public static TheoryData<string, string> Paragraphs => new()
    {
        { "status", "src/HookAgent.Ctl/Status/StatusJson.cs" },
        { "jobs", "src/HookAgent.Ctl/Jobs/JobsOutput.cs" },
        { "job", "src/HookAgent.Ctl/Jobs/JobCommand.cs" },
        { "doctor", "src/HookAgent.Ctl/Doctor/DoctorOutput.cs" },
        { "forget", "src/HookAgent.Ctl/Control/ForgetCommand.cs" },
        { "reconcile", "src/HookAgent.Ctl/Reconcile/ReconcilePlan.cs" },
        { "adopt", "src/HookAgent.Ctl/Adopt/AdoptReport.cs" },
    };

    [Theory]
    [MemberData(nameof(Paragraphs))]
    public void It_names_the_keys_that_are_written_and_no_others(string verb, string source)
    {
        string[] section = [.. Section("JSON")];
        int at = Array.FindIndex(section, line => line.StartsWith($"*{verb}*", StringComparison.Ordinal));
        string[] documented = [.. Bold(section[at + 1]).Where(word => !word.StartsWith("--", StringComparison.Ordinal)).Distinct().Order()];
        string[] counters = verb == "status" ? [.. NodeProperty.Counters.Select(counter => counter.CounterKey)] : [];
        string[] written = [.. Key().Matches(File.ReadAllText(Find(source))).Select(match => match.Groups[1].Value).Concat(counters).Distinct().Order()];

        Assert.Equal(written, documented.Where(word => word != "status" || written.Contains("status")));
    }

    [Fact]
    public void The_program_prints_the_keys_of_status_in_their_order()
    {
        using FakeNode node = new();
        node.StartDaemon();
        string output = Hookctl.Run(["status", "--json", .. node.Options]).Output;

        string[] section = [.. Section("JSON")];
        int at = Array.FindIndex(section, line => line.StartsWith("*status*", StringComparison.Ordinal));
        string[] printed = [.. System.Text.Json.Nodes.JsonNode.Parse(output)!.AsObject().Select(member => member.Key)];
        Assert.Equal(printed, Bold(section[at + 1]).Distinct().Where(printed.Contains));
    }

    private static IEnumerable<string> Section(string title) =>
        s_lines.SkipWhile(line => line != $"# {title}").Skip(1).TakeWhile(line => !line.StartsWith("# ", StringComparison.Ordinal));

    /// <summary>Without scdoc's marks: *bold*, _underlined_, a line break, a tab.</summary>
    private static string Plain(string line) => Mark().Replace(line.Trim().Replace("++", "", StringComparison.Ordinal), "");

    private static IEnumerable<string> Bold(string line) => BoldWord().Matches(line).Select(match => match.Groups[1].Value);

    /// <summary>The names of doctor's checks, but those of the provider's start program.</summary>
    internal static IEnumerable<string> Checks() => Directory.GetFiles(Find("src/HookAgent.Ctl/Doctor"), "*Checks.cs")
        .SelectMany(file => CheckName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Append("prolog").Append("epilog").Distinct();

    internal static string Find(string path)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, path)))
            {
                return Path.Combine(folder, path);
            }
        }

        throw new InvalidOperationException($"no {path} above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex(@"\+\+\n\t?(?=\[)")]
    private static partial Regex LongSynopsis();

    [GeneratedRegex(@"[*_](?=[^*_\s]|$|\])|(?<=[^*_\s])[*_]")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\*([^*\s]+)\*")]
    private static partial Regex BoldWord();

    [GeneratedRegex(@"(?:const string (?:check|name|Whole) = |Finding\.(?:Ok|Unseen|Warning|Fault)\()""([a-z][a-z.-]+)""")]
    private static partial Regex CheckName();

    [GeneratedRegex("'ok ([a-z]+): ")]
    private static partial Regex ProviderLineName();

    [GeneratedRegex(@"\[""([a-z_]+)""\] = ")]
    private static partial Regex Key();
}
