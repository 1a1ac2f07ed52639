using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Report;

namespace HookAgent.Ctl.Report;

/// <summary><c>hookctl report</c>: what came of the nodes' time, by their journals; or of two sets of journals side by side.</summary>
internal sealed class ReportCommand(ReportOptions options, Terminal terminal, DateTimeOffset now, TimeZoneInfo zone)
{
    private TimeSpan _shortest = ShortLending.Limit;
    private long? _since;
    private long? _until;

    public static int Run(ReportOptions options, Terminal terminal) =>
        new ReportCommand(options, terminal, DateTimeOffset.UtcNow, TimeZoneInfo.Local).Run();

    public int Run()
    {
        if (Mistake() is { } mistake)
        {
            terminal.Error.WriteLine($"hookctl: {mistake}");
            return ExitCode.Usage;
        }

        try
        {
            return options.Compare ? Compare() : Report();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail($"cannot write: {failure.Message}");
        }
    }

    private string? Mistake()
    {
        if (options.Short is { } text && (!TimeSpanText.TryParse(text, out _shortest) || _shortest == TimeSpanText.Infinity))
        {
            return $"'{text}' is no time; give one such as 500ms, 10s or 1min";
        }

        foreach ((string? given, string option) in ((string?, string)[])[(options.Since, "--since"), (options.Until, "--until")])
        {
            if (given is not null && !MomentText.TryParse(given, now, zone, out _))
            {
                return $"{option} does not understand '{given}'; give a time such as {MomentText.Forms}";
            }
        }

        _since = Usec(options.Since);
        _until = Usec(options.Until) is { } until ? Math.Min(until, ReportTime.Usec(now)) : null;
        return _since >= (_until ?? ReportTime.Usec(now)) ? $"there is no time between --since and {(_until is null ? "now" : "--until (or now)")}"
            : SameFile() is { } same ? same
            : options.Compare ? CompareMistake()
            : null;
    }

    private string? SameFile()
    {
        (string Option, string? File)[] files = [("--csv", options.Csv), ("--lendings", options.Lendings), ("--svg", options.Svg)];
        for (int i = 0; i < files.Length; i++)
        {
            for (int k = i + 1; k < files.Length; k++)
            {
                if (files[i].File is { } file && file == files[k].File)
                {
                    return $"{files[i].Option} and {files[k].Option} name the same file";
                }
            }
        }

        return null;
    }

    private string? CompareMistake() =>
        options.Words.Count() != 2 ? "--compare needs two files, or folders of files: before and after"
        : (options.Since ?? options.Until) is not null ? "--compare takes each of the two whole, so neither --since nor --until"
        : (options.Csv ?? options.Lendings ?? options.Svg) is not null ? "--compare writes no file; --csv, --lendings and --svg are of one report"
        : null;

    private long? Usec(string? given) =>
        given is not null && MomentText.TryParse(given, now, zone, out DateTimeOffset moment) ? Math.Max(0, ReportTime.Usec(moment)) : null;

    private ReportMaker Maker => new(terminal, options.Journalctl, _since, _until, _shortest, now, zone);

    private int Report()
    {
        using ReportFiles files = new(options);
        if (Maker.Make([.. options.Words], files) is not { } result)
        {
            return ExitCode.Failed;
        }

        files.Finish();
        if (options.Json)
        {
            ReportJson.Write(result, terminal.Out);
        }
        else
        {
            ReportText.Write(result, zone, terminal.Out);
        }

        return result.Read.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private int Compare()
    {
        string[] sets = [.. options.Words];
        if (Maker.Make([sets[0]]) is not { } before || Maker.Make([sets[1]]) is not { } after)
        {
            return ExitCode.Failed;
        }

        Comparison comparison = Comparison.Of(before, after);
        if (options.Json)
        {
            ComparisonJson.Write(comparison, terminal.Out);
        }
        else
        {
            ComparisonText.Write(comparison, zone, terminal.Out);
        }

        return before.Read.Unreadable + after.Read.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
