using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HookAgent.Bus.Tests;

/// <summary>The XML and org.hookagent.Node1(5) tell of each property what the table tells.</summary>
public sealed partial class NodePropertyTests
{
    /// <summary>The order is that of GetAll's answer, and older clients have seen it.</summary>
    [Fact]
    public void They_go_over_the_bus_in_the_order_in_which_they_came() => Assert.StartsWith(
        "State Reason Since Jobs Unit UnitState HeldBy HoldReason HoldUntil Version LastHandoverUSec Handovers "
        + "ProviderStarts ProviderStops JobsSeen RecordsWithoutNudge ShortLendings SecondSignals Kills",
        string.Join(' ', NodeProperty.All.Select(property => property.Name)),
        StringComparison.Ordinal);

    [Fact]
    public void No_name_key_or_metric_is_there_twice()
    {
        Assert.Distinct(NodeProperty.All.Select(property => property.Name));
        Assert.Distinct(NodeProperty.All.Select(property => property.Key));
        Assert.Distinct(NodeProperty.Counters.Select(counter => counter.Metric).OfType<NodeMetric>().Select(metric => metric.Name));
    }

    [Fact]
    public void Each_is_one_sentence() => Assert.All(NodeProperty.All, property =>
    {
        Assert.Matches("^[A-Z].*\\.$", property.Sentence);
        Assert.DoesNotContain(". ", property.Sentence, StringComparison.Ordinal);
    });

    [Fact]
    public void The_document_begins_each_comment_with_the_sentence()
    {
        Dictionary<string, string> comments = XDocument.Parse(NodeContract.IntrospectionDocument).Descendants("property").ToDictionary(
            property => property.Attribute("name")!.Value,
            property => Space().Replace(((XComment)property.PreviousNode!).Value, " ").Trim());
        Assert.All(NodeProperty.All, property => Assert.StartsWith(property.Sentence, comments[property.Name], StringComparison.Ordinal));
    }

    [Fact]
    public void The_manual_page_has_each_with_its_type_and_the_sentence()
    {
        string manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "org.hookagent.Node1.5.scd"));
        int from = manual.IndexOf("\n# PROPERTIES\n", StringComparison.Ordinal);
        string section = manual[from..manual.IndexOf("\n# ERRORS\n", StringComparison.Ordinal)];
        (string Name, string Type, string Text)[] items =
            [.. Item().Matches(section).Select(item => (item.Groups[1].Value, item.Groups[2].Value, item.Groups[3].Value.Replace("_", "", StringComparison.Ordinal)))];
        Assert.Equal(NodeProperty.All.Select(property => (property.Name, property.Type)), items.Select(item => (item.Name, item.Type)));
        Assert.All(NodeProperty.All.Zip(items), pair => Assert.StartsWith(pair.First.Sentence, pair.Second.Text, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>scdoc's form of a term, and the paragraph indented below it.</summary>
    [GeneratedRegex(@"^_(\w+)_ (\S+)\n\t(.*)$", RegexOptions.Multiline)]
    private static partial Regex Item();
}
