namespace HookAgent.SystemTests.Harness;

/// <summary>What a command that has ended had to say.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Error, TimeSpan Took)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Its output without the last line's end.</summary>
    public string Text => Output.TrimEnd('\n');

    public IReadOnlyList<string> Lines => Text.Length == 0 ? [] : Text.Split('\n');

    public CommandResult Check()
    {
        Assert.True(Succeeded, $"{Command}\nended with {ExitCode} after {Took.TotalSeconds:0.0} s\n{Output}{Error}");
        return this;
    }
}
