using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("one two three", 13, 0, "one two three")]
    [InlineData("one two three", 12, 0, "one two\nthree")]
    [InlineData("one two three", 7, 2, "one two\n  three")]
    [InlineData("   State: busy now", 16, 10, "   State: busy\n          now")]
    [InlineData("a /a/path/that/is/longer/than/a/line b", 10, 0, "a\n/a/path/that/is/longer/than/a/line\nb")]
    [InlineData("/a/path/that/is/longer", 10, 4, "/a/path/that/is/longer")]
    [InlineData("\u001b[1;31mred\u001b[0m word", 8, 0, "\u001b[1;31mred\u001b[0m word")]
    [InlineData("\u001b[1;31mred\u001b[0m words", 8, 0, "\u001b[1;31mred\u001b[0m\nwords")]
    [InlineData("", 10, 4, "")]
    [InlineData("\u001b", 0, 0, "\u001b")]
    public void Breaks_between_words(string text, int width, int indent, string lines) => Assert.Equal(lines, WordWrap.Of(text, width, indent));

    /// <summary>Of any text: the same words in the same order, lines that fit, and the indent before each but the first.</summary>
    [Fact]
    public void Never_breaks_a_word_or_exceeds_the_width_by_more_than_one()
    {
        Random random = new(18);
        for (int round = 0; round < 2000; round++)
        {
            string text = string.Join(' ', Enumerable.Range(0, random.Next(30)).Select(_ => new string('x', random.Next(1, 18))));
            (int width, int indent) = (random.Next(20, 80), random.Next(12));
            string[] lines = WordWrap.Of(text, width, indent).Split('\n');
            Assert.Equal(text.Split(' '), string.Join(' ', lines.Select(static line => line.TrimStart(' '))).Split(' '));
            Assert.All(lines, line => Assert.True(line.Length <= width || !line.Trim().Contains(' ', StringComparison.Ordinal), $"{width}: {line}"));
            Assert.All(lines[1..], line => Assert.Equal(indent, line.Length - line.TrimStart(' ').Length));
        }
    }
}
