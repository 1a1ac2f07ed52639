namespace HookAgent.Ctl.Tests.Transcripts;

/// <summary>
/// The published program in a terminal, on a node made up, against transcripts that were read by people: one text file a
/// moment. Where they differ, HOOKAGENT_WRITE_TABLES=1 writes them anew: look at the difference before you commit it.
/// </summary>
public sealed class TranscriptTests
{
    private static string Folder => ManualPageTests.Find("tests/HookAgent.Ctl.Tests/Transcripts/shown");

    public static TheoryData<string> Names => [.. Moments.All.Select(static moment => moment.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_shown_as_it_was_reviewed(string name)
    {
        Moment moment = Moments.All.Single(moment => moment.Name == name);
        string transcript = moment.Transcript();
        string file = Path.Combine(Folder, $"{name}.txt");
        if (Environment.GetEnvironmentVariable("HOOKAGENT_WRITE_TABLES") == "1")
        {
            File.WriteAllText(file, transcript);
        }

        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", transcript);
        Assert.DoesNotContain("Exception", transcript, StringComparison.Ordinal);
        string[] shown = transcript.Split('\n')[2..];
        if (moment.Terminal == "80x24")
        {
            // A word that is longer than a line has one of its own.
            Assert.All(shown, static line => Assert.True(line.Length <= 80 || !line.TrimStart().Contains(' ', StringComparison.Ordinal), line));
        }

        string complaint = string.Join(' ', shown);
        if (complaint.Contains("hookctl: ", StringComparison.Ordinal))
        {
            Assert.Matches("; |Try 'hookctl ", complaint);
        }
        else if (moment.Typed.Contains("doctor", StringComparison.Ordinal))
        {
            Assert.Equal(complaint.Contains("fault  ", StringComparison.OrdinalIgnoreCase), complaint.Contains(" -> ", StringComparison.Ordinal));
        }
        else
        {
            Assert.DoesNotContain("[exit code", transcript, StringComparison.Ordinal);
        }
    }

    /// <summary>A transcript of a moment that is no more would be read as true.</summary>
    [Fact]
    public void There_are_no_others() => Assert.Equal(
        Moments.All.Select(static moment => $"{moment.Name}.txt").Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
