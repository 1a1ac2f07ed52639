namespace HookAgent.Ctl.Doctor;

/// <summary>What the provider's own check, <c>wasimoff-provider --check</c>, came to; or why it was not made.</summary>
internal abstract record ProviderReport
{
    private ProviderReport()
    {
    }

    /// <summary>It was made.</summary>
    /// <param name="WithoutDropIns">Drop-ins of the provider's unit that the check's unit has not.</param>
    public sealed record Made(IReadOnlyList<ProviderLine> Lines, IReadOnlyList<string> WithoutDropIns) : ProviderReport;

    /// <summary>It was not made, or did not come to its end.</summary>
    public sealed record NotMade(string Why, string? Next) : ProviderReport;
}

/// <summary>A line of the check: "ok NAME: TEXT", or "fault NAME: TEXT -> NEXT"; also "warning" and "skipped".</summary>
internal sealed record ProviderLine(string Verdict, string Name, string Text, string? Next)
{
    /// <summary>The name of the check's last line.</summary>
    public const string Last = "broker";

    /// <summary>Null for what is no such line.</summary>
    public static ProviderLine? TryParse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (space < 0 || colon < space || line[..space] is not ("ok" or "warning" or "fault" or "skipped"))
        {
            return null;
        }

        string[] said = line[(colon + 2)..].Split(" -> ", 2);
        return new ProviderLine(line[..space], line[(space + 1)..colon], said[0], said.ElementAtOrDefault(1));
    }
}
