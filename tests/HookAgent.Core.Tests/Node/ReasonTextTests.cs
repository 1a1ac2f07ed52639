using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

public sealed class ReasonTextTests
{
    [Fact]
    public void Every_state_and_reason_has_a_word_of_its_own()
    {
        List<string> words =
            [.. Enum.GetValues<NodeState>().Select(state => state.Word()), .. Enum.GetValues<Reason>().Select(reason => reason.Word())];
        Assert.Equal(words.Count, words.Distinct().Count());
        Assert.All(words, word => Assert.Matches("^[a-z]+(-[a-z]+)*$", word));
    }

    [Fact]
    public void Every_reason_has_a_sentence_of_its_own()
    {
        List<string> sentences = [.. Enum.GetValues<Reason>().Select(reason => reason.Sentence())];
        Assert.Equal(sentences.Count, sentences.Distinct().Count());
        Assert.All(sentences, sentence => Assert.Matches(@"^(systemd|[A-Z]).{10,}\.$", sentence));
    }

    [Fact]
    public void The_words_are_those_that_were_once_given() => Assert.Equal(
        """
        jobs-recorded idle-delay starting running stop-asked second-signal processes-remain killed survived-kill operator-hold
        hand-stopped masked required-unit-inactive exec-condition start-failed start-timeout dependency-failed condition-unmet
        provider-exited unit-missing bad-unit transaction-conflict start-refused directory-unread directory-unproven
        directory-missing directory-unreadable foreign-entry job-without-record step-without-record systemd-unreachable
        """.ReplaceLineEndings(" "),
        string.Join(' ', Enum.GetValues<Reason>().Select(reason => reason.Word())));
}
