using System.Globalization;
using HookAgent.Bus;
using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Status;

/// <summary>
/// A node's status for people: one fact a line, the labels aligned as systemctl(1) aligns its own. Programs
/// read <see cref="StatusJson"/> instead; the words here may change.
/// </summary>
internal sealed class StatusText(Terminal terminal, DateTimeOffset now, TimeZoneInfo zone)
{
    private const int LabelWidth = 8;

    public void Write(NodeStatus status)
    {
        Line("State", $"{terminal.Paint(Terminal.Plain(status.State), ColourOf(status.State))} ({Terminal.Plain(status.Reason)})");
        Line("Why", Terminal.Plain(Why.Sentence(status.Reason)));
        Line("Since", Moment.FromUsec(status.Since) is { } since ? $"{Absolute(since)}; {Ago(now - since)}" : "not known");
        Line("Jobs", status.Jobs.Count > 0 ? Terminal.Plain(string.Join(", ", status.Jobs)) : "none");
        Line("Unit", $"{Terminal.Plain(status.Unit)} ({(status.UnitState.Length > 0 ? Terminal.Plain(status.UnitState) : "systemd does not answer")})");
        if (status.HeldBy.Length > 0)
        {
            Line("Held", Held(status));
        }

        Line("Handover", status.LastHandoverUSec > 0 ? $"at the last, the provider was gone {Milliseconds(status.LastHandoverUSec)} after the Prolog began" : "none yet");
    }

    private void Line(string label, string text) => terminal.Out.WriteLine($"{label.PadLeft(LabelWidth)}: {text}");

    private string Held(NodeStatus status)
    {
        string by = status.HeldBy switch
        {
            "operator" => "by an operator",
            "hand-stopped" => "because the unit was stopped by hand",
            string other => $"by {Terminal.Plain(other)}",
        };
        string reason = status.HoldReason.Length > 0 ? $" (\"{Terminal.Plain(status.HoldReason)}\")" : "";
        string until = Moment.FromUsec(status.HoldUntil) is { } end
            ? $"until {Absolute(end)}; {Span(end - now)} left"
            : "until released";
        return $"{by}{reason}, {until}";
    }

    /// <summary>As systemd writes a time, but with the offset in numbers: the zone's letters are ambiguous.</summary>
    private string Absolute(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone)
        .ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>A time in the future is what is left of a clock that was set back.</summary>
    private static string Ago(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "the clock was set back since",
        { TotalSeconds: < 1 } => "just now",
        _ => $"{Span(age)} ago",
    };

    /// <summary>Two units at most, which is as exact as a person wants to know; under a second, "0".</summary>
    private static string Span(TimeSpan span) =>
        string.Join(' ', TimeSpanText.Format(TimeSpan.FromSeconds((long)span.TotalSeconds)).Split(' ').Take(2));

    private static string Milliseconds(ulong usec) =>
        string.Create(CultureInfo.InvariantCulture, $"{usec / 1000.0:0.0} ms");

    private static Colour ColourOf(string state) => state switch
    {
        "lending" => Colour.Green,
        "settling" or "reclaiming" or "held" => Colour.Yellow,
        "failed" or "unknown" => Colour.Red,
        _ => Colour.Plain,
    };
}
