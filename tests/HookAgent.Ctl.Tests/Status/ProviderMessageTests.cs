using HookAgent.Ctl.Host;
using HookAgent.Ctl.Status;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Status;

public sealed class ProviderMessageTests
{
    private static readonly string[] s_message = ["3 Not started: Deno is missing.", "3 Cause: DENO is not set.", "3 Next: install Deno."];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_lines_of_a_message_belong_together(bool runs)
    {
        ProviderMessage words = Of(runs, ["4 Earlier trouble", .. s_message])!;
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
        Assert.Equal(["Next: fix it"], Of(false, ["4 Waiting", "3 Next: fix it"])!.Lines);

    [Fact]
    public void Nothing_of_the_kind_is_nothing()
    {
        Assert.Null(Of(true, ["5 a", "6 b"]));
        Assert.Null(Of(true, []));
        Assert.Null(Of(false, []));
    }

    [Fact]
    public void Of_one_that_does_not_run_and_wrote_no_warning_the_last_line_is_told() =>
        Assert.Equal((5, "b"), Of(false, ["6 a", "5 b"]) is { Lines: [var line], Priority: var priority } ? (priority, line) : default);

    [Fact]
    public void Entries_that_make_no_sense_are_passed_over()
    {
        Assert.Null(ProviderMessage.Of([new JournalLine(7, null, ""), new JournalLine(7, -1, "odd")], runs: false));
        Assert.Null(ProviderMessage.Of([new JournalLine(ulong.MaxValue, 3, "timeless")], runs: false));
    }

    [Theory]
    [InlineData("""{"__REALTIME_TIMESTAMP":"1000000","PRIORITY":"3","MESSAGE":"Not started"}""", 3, "Not started")]
    [InlineData("""{"MESSAGE":[110,111],"__REALTIME_TIMESTAMP":"1000000","PRIORITY":"4"}""", 4, "")]
    [InlineData("""{"MESSAGE":null,"__REALTIME_TIMESTAMP":"1000000","PRIORITY":["3","4"]}""", null, "")]
    [InlineData("""{"__REALTIME_TIMESTAMP":"1000000"}""", null, "")]
    public void A_line_of_journalctl_is_an_entry(string line, int? priority, string message) =>
        Assert.Equal(new JournalLine(1_000_000, priority, message), JournalLine.TryParse(line));

    [Theory]
    [InlineData("")]
    [InlineData("-- No entries --")]
    [InlineData("[]")]
    [InlineData("""{"__REALTIME_TIMESTAMP":"-1"}""")]
    [InlineData("""{"__REALTIME_TIMESTAMP":"1000000","MESSAGE":"cut""")]
    public void A_line_that_makes_no_sense_is_none(string line) => Assert.Null(JournalLine.TryParse(line));

    [Fact]
    public void The_run_is_asked_for_by_journald_s_own_word()
    {
        using TemporaryFolder folder = new();
        string journalctl = folder["journalctl"];
        File.WriteAllText(journalctl, """
            #!/bin/sh
            printf '%s\n' "$*" >"$0.arguments"
            echo '{"__REALTIME_TIMESTAMP":"2000000","PRIORITY":"4","MESSAGE":"Waiting for the broker"}'
            """);
        File.SetUnixFileMode(journalctl, (UnixFileMode)0x1ED);
        Assert.Equal(["Waiting for the broker"], ProviderMessage.Read(journalctl, "0123", runs: true)!.Lines);
        Assert.EndsWith("--lines=3 --output=json --output-fields=MESSAGE,PRIORITY _SYSTEMD_INVOCATION_ID=0123\n", File.ReadAllText($"{journalctl}.arguments"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_journalctl_there_are_no_words() => Assert.Null(ProviderMessage.Read("/nonexistent/journalctl", "0123", runs: false));

    /// <param name="said">Priority and words, the oldest first, one a second.</param>
    private static ProviderMessage? Of(bool runs, string[] said) => ProviderMessage.Of(
        [.. said.Select((line, second) => new JournalLine((ulong)(second + 1) * 1_000_000, line[0] - '0', line[2..])).Reverse()],
        runs);
}
