using HookAgent.Core.Journal;
using HookAgent.Tests;

namespace HookAgent.Core.Tests.Journal;

public sealed class JournalEntryTests
{
    [Fact]
    public void Lines_are_fields()
    {
        JournalEntry entry = new(new byte[100]);
        entry.AddLine("PRIORITY", "6");
        entry.AddText("MESSAGE", "grüß");
        Assert.Equal("PRIORITY=6\nMESSAGE=grüß\n"u8, entry.Bytes);
    }

    [Fact]
    public void A_value_of_several_lines_is_one_field_by_its_length()
    {
        JournalEntry entry = new(new byte[100]);
        entry.AddText("EXCEPTION", "a\n\tPRIORITY=0\r\u007f");
        Assert.Equal("EXCEPTION\n\u000f\0\0\0\0\0\0\0a\n\tPRIORITY=0??\n"u8, entry.Bytes);
        Assert.Equal(new Dictionary<string, string> { ["EXCEPTION"] = "a\n\tPRIORITY=0??" }, FakeJournal.Read(entry.Bytes));
    }

    [Fact]
    public void A_line_never_begins_another_field()
    {
        JournalEntry entry = new(new byte[100]);
        entry.AddLine("MESSAGE", "a\nPRIORITY=0\t\u0001");
        Assert.Equal("MESSAGE=a?PRIORITY=0??\n"u8, entry.Bytes);
    }

    /// <summary>Every size of the buffer, so that the cut falls into each character and each field.</summary>
    [Fact]
    public void What_does_not_fit_is_clipped_between_characters_and_says_so()
    {
        const string text = "aü€𐍈 aü€𐍈 aü€𐍈";
        for (int size = 0; size < 120; size++)
        {
            JournalEntry entry = new(new byte[size]);
            entry.AddLine("A", text);
            entry.AddText("B", $"\n{text}");
            entry.AddLine("C", "x");
            IReadOnlyDictionary<string, string> fields = FakeJournal.Read(entry.Bytes);
            foreach ((string name, string value) in fields)
            {
                string whole = name switch { "A" => text, "B" => $"\n{text}", _ => "x" };
                const string mark = " [clipped]";
                Assert.True(value == whole || (value.EndsWith(mark, StringComparison.Ordinal) && whole.StartsWith(value[..^mark.Length], StringComparison.Ordinal)), $"{size}: {value}");
            }

            Assert.True(size < 13 || fields.ContainsKey("A"));
            Assert.True(size < 118 || fields.Count == 3 && fields.Values.All(value => !value.Contains("clipped", StringComparison.Ordinal)), $"{size}");
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_does_no_harm()
    {
        JournalEntry entry = new(new byte[100]);
        entry.AddLine("A", "x\ud800y");
        Assert.Equal("A=x\ufffdy\n"u8, entry.Bytes);
    }
}
