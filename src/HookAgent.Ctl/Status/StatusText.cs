using System.Globalization;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// A node's status for people: one fact a line, the labels aligned as systemctl(1) aligns its own. Programs
/// read <see cref="StatusJson"/> instead; the words here may change.
/// </summary>
/// <param name="ages">Whether to write ages, which would be wrong in a text that stays on the screen.</param>
internal sealed class StatusText(Terminal terminal, DateTimeOffset now, TimeZoneInfo zone, bool ages = true)
{
    private const int LabelWidth = 8;

    /// <summary>Handovers shown; the journal has all of them.</summary>
    private const int MostHandovers = 5;

    /// <summary>Characters of one line of the provider's.</summary>
    private const int MostQuoted = 400;

    public void Write(StatusSnapshot reading)
    {
        NodeStatus status = reading.Node;
        Line("State", $"{terminal.Paint(Terminal.Printable(status.State), ColourOf(status.State))} ({Terminal.Printable(status.Reason)})");
        Line("Why", Terminal.Printable(ReasonSentence.Of(status.Reason)));
        Line("Since", UnixTime.FromUsec(status.Since) is { } since ? Aged(since) : "not known");
        Line("Jobs", status.Jobs.Count > 0 ? Terminal.Printable(string.Join(", ", status.Jobs)) : "none");
        Line("Unit", $"{Terminal.Printable(status.Unit)} ({(status.UnitState.Length > 0 ? Terminal.Printable(status.UnitState) : "systemd does not answer")})");
        WriteProvider(reading);
        if (reading.MemoryBytes is { } memory)
        {
            Line("Memory", Mebibytes(memory));
        }

        if (reading.CpuUsec is { } cpu)
        {
            Line("CPU", $"{(cpu / 1_000_000.0).ToString("0.0", CultureInfo.InvariantCulture)} s since it was started");
        }

        if (status.HeldBy.Length > 0)
        {
            Line("Held", Held(status));
        }

        Line("Handover", status.LastHandoverUSec > 0 ? $"{Milliseconds(status.LastHandoverUSec)} (Prolog start to provider stopped)" : "none yet");
        foreach (NodeHandover handover in status.Handovers.Take(MostHandovers))
        {
            string at = UnixTime.FromUsec(handover.At) is { } time ? Absolute(time) : "at an unknown time";
            Line("", $"{at}  job {Terminal.Printable(handover.JobId)}  {Milliseconds(handover.Usec)}, {Milliseconds(handover.OverlapUsec)} of it beside the job");
        }
    }

    private void WriteProvider(StatusSnapshot reading)
    {
        bool failed = reading.Node.State == NodeState.Failed.Word();
        if (reading.Provider is { } provider)
        {
            string when = ages ? Ago(now - provider.At) : $"at {Absolute(provider.At)}";
            Line("Provider", $"said {when}: {Quote(provider.Lines[0])}");
            foreach (string line in provider.Lines.Skip(1))
            {
                Line("", Quote(line));
            }
        }
        else if (failed && !reading.ByRoot)
        {
            Line("Provider", "what it said is in the journal, which root and the groups adm and systemd-journal may read");
        }

        if (failed)
        {
            Line("Next", "when the cause is fixed, 'hookctl retry' starts the provider at once");
        }
    }

    /// <summary>A text of another program, cut to what a screen has room for.</summary>
    private static string Quote(string words) =>
        $"\"{Terminal.Printable(words.Length > MostQuoted ? words[..MostQuoted] + "…" : words)}\"";

    private void Line(string label, string text) =>
        terminal.Out.WriteLine($"{label.PadLeft(LabelWidth)}{(label.Length > 0 ? ':' : ' ')} {text}");

    private string Held(NodeStatus status)
    {
        string by = status.HeldBy switch
        {
            "operator" => "by an operator",
            "hand-stopped" => "because the unit was stopped by hand",
            string other => $"by {Terminal.Printable(other)}",
        };
        string reason = status.HoldReason.Length > 0 ? $" (\"{Terminal.Printable(status.HoldReason)}\")" : "";
        string until = UnixTime.FromUsec(status.HoldUntil) is { } end
            ? $"until {Absolute(end)}{(ages ? $"; {AgeText.Of(end - now)} left" : "")}"
            : "until released";
        return $"{by}{reason}, {until}";
    }

    private string Aged(DateTimeOffset time) => ages ? $"{Absolute(time)}; {Ago(now - time)}" : Absolute(time);

    /// <summary>As systemd writes a time, but with the offset in numbers: the zone's letters are ambiguous.</summary>
    private string Absolute(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone)
        .ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>A time in the future comes of a clock that was set back.</summary>
    private static string Ago(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "the clock was set back since",
        { TotalSeconds: < 1 } => "just now",
        _ => $"{AgeText.Of(age)} ago",
    };

    private static string Milliseconds(ulong usec) =>
        string.Create(CultureInfo.InvariantCulture, $"{usec / 1000.0:0.0} ms");

    private static string Mebibytes(ulong bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024.0):0.0} MiB");

    private static Colour ColourOf(string state) => state switch
    {
        "lending" => Colour.Green,
        "settling" or "reclaiming" or "held" => Colour.Yellow,
        "failed" or "unknown" => Colour.Red,
        _ => Colour.Plain,
    };
}
