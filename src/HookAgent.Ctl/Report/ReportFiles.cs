namespace HookAgent.Ctl.Report;

/// <summary>The files that the report writes beside its text, each null where it is not wanted.</summary>
internal sealed class ReportFiles : IDisposable
{
    /// <summary>Begins them, before anything is read, which may take a while.</summary>
    /// <exception cref="IOException">One of them cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">What is there already may not be written.</exception>
    public ReportFiles(ReportOptions options)
    {
        try
        {
            Intervals = Begin(options.Csv);
            Lendings = Begin(options.Lendings);
            Picture = Begin(options.Svg);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public WholeFile? Intervals { get; }

    public WholeFile? Lendings { get; }

    public WholeFile? Picture { get; }

    /// <summary>Puts them into place.</summary>
    /// <exception cref="IOException">What was written does not fit, or a file cannot be put into its place.</exception>
    public void Finish()
    {
        Intervals?.Finish();
        Lendings?.Finish();
        Picture?.Finish();
    }

    public void Dispose()
    {
        Intervals?.Dispose();
        Lendings?.Dispose();
        Picture?.Dispose();
    }

    private static WholeFile? Begin(string? path) => path is null ? null : new WholeFile(path);
}
