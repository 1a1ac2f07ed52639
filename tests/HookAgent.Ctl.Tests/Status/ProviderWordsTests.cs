using HookAgent.Bus.Sd;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Tests.Status;

public sealed class ProviderWordsTests
{
    private static readonly string[] s_message = ["3 Not started: Deno is missing.", "3 Cause: DENO is not set.", "3 Next: install Deno."];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_lines_of_a_message_belong_together(bool runs)
    {
        ProviderWords words = Of(runs, ["4 Earlier trouble", .. s_message])!;
        Assert.Equal(["Not started: Deno is missing.", "Cause: DENO is not set.", "Next: install Deno."], words.Lines);
        Assert.Equal((3, DateTimeOffset.UnixEpoch.AddSeconds(4)), (words.Priority, words.At));
    }

    [Fact]
    public void Of_a_provider_that_failed_the_newest_warning_counts_whatever_came_after_it() =>
        Assert.Equal(["Cause: b"], Of(false, ["4 a", "6 between", "3 Cause: b", "6 stack", "7 more"])!.Lines);

    [Fact]
    public void Of_a_provider_that_runs_only_its_last_word_counts()
    {
        Assert.Equal(["Waiting for the broker at controller:4080: refused"], Of(true, ["6 hello", "4 Waiting for the broker at controller:4080: refused"])!.Lines);
        Assert.Null(Of(true, ["4 Waiting for the broker at controller:4080: refused", "5 The broker answers."]));
    }

    [Fact]
    public void Lines_of_another_priority_are_another_message() =>
        Assert.Equal(["Next: mend it"], Of(false, ["4 Waiting", "3 Next: mend it"])!.Lines);

    [Fact]
    public void Nothing_of_the_kind_is_nothing()
    {
        Assert.Null(Of(false, ["5 a", "6 b"]));
        Assert.Null(Of(true, []));
    }

    [Fact]
    public void Entries_that_make_no_sense_are_passed_over()
    {
        JournalTailEntry bare = new(7, new Dictionary<string, string>());
        JournalTailEntry odd = new(7, new Dictionary<string, string> { ["PRIORITY"] = "-1", ["MESSAGE"] = "odd" });
        JournalTailEntry timeless = new(ulong.MaxValue, new Dictionary<string, string> { ["PRIORITY"] = "3" });
        Assert.Null(ProviderWords.Of([bare, odd], runs: false));
        Assert.Null(ProviderWords.Of([timeless], runs: false));
    }

    /// <param name="said">Priority and words, the oldest first, one a second.</param>
    private static ProviderWords? Of(bool runs, string[] said) => ProviderWords.Of(
        [.. said.Select((line, second) => new JournalTailEntry(
            (ulong)(second + 1) * 1_000_000, new Dictionary<string, string> { ["PRIORITY"] = line[..1], ["MESSAGE"] = line[2..] })).Reverse()],
        runs);
}
