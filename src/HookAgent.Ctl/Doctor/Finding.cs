namespace HookAgent.Ctl.Doctor;

/// <summary>The result of one check, from good to bad.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>It could not be checked: that needs root, or a program that does not run.</summary>
    Unseen,

    /// <summary>It works, but will cause trouble, or works less well than it could.</summary>
    Warning,

    /// <summary>Jobs are not seen, the node may be drained, or nothing is ever lent.</summary>
    Fault,
}

/// <summary>Checks of one part of the chain from Slurm to the provider, under one heading.</summary>
/// <param name="IsAsked">It is what was asked for, so that it is shown where all is well, too.</param>
internal sealed record CheckGroup(string Heading, IReadOnlyList<Finding> Findings, bool IsAsked = false);

/// <summary>The outcome of one check.</summary>
/// <param name="Check">Its name: a stable word, as hookctl(1) lists them.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Fix">The command or line that fixes it; null where nothing needs it.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Text, string? Fix = null)
{
    public static Finding Ok(string check, string text) => new(check, Verdict.Ok, text);

    public static Finding Unseen(string check, string text, string? fix = null) => new(check, Verdict.Unseen, text, fix);

    public static Finding Warning(string check, string text, string fix) => new(check, Verdict.Warning, text, fix);

    public static Finding Fault(string check, string text, string fix) => new(check, Verdict.Fault, text, fix);
}
