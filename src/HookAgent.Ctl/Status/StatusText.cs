using System.Globalization;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Core.Text;
using HookAgent.Ctl.Control;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// A node's status for people: one fact a line, the labels aligned as systemctl(1) aligns its own. Programs
/// read <see cref="StatusJson"/> instead; the words here may change.
/// </summary>
/// <param name="ages">Whether to write how long ago or ahead a time is, which would be wrong in a text that stays on the screen.</param>
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
        Line("Node", Terminal.Printable(reading.Host));
        Line("State", $"{terminal.Paint(Terminal.Printable(status.State), ColourOf(status.State))} ({Terminal.Printable(status.Reason)})");
        Line("Why", Terminal.Printable(reading.IsMissing && status.NextStart > 0 ? $"There is no {status.Unit} any more, so nothing starts." : ReasonSentence.Of(status)));
        Line("Since", UnixTime.FromUsec(status.Since) is { } since ? Aged(since) : "not known");
        Line("Jobs", Jobs(status));
        Line("Unit", $"{Terminal.Printable(status.Unit)} ({UnitState(reading)})");
        WriteProvider(reading);
        if (reading.MemoryBytes is { } memory)
        {
            Line("Memory", Mebibytes(memory));
        }

        if (reading.CpuUsec is { } cpu)
        {
            Line("CPU", $"{SpanText.OfMicroseconds(cpu)} since it was started");
        }

        if (status.HeldBy.Length > 0)
        {
            Line("Held", Held(status));
        }

        if (status.SettingsRefused.Length > 0)
        {
            Line("Config", $"refused, old settings in force: {Quoted(status.SettingsRefused)}");
            Line("", "correct it, see 'hookagentd --check', then 'systemctl reload hookagentd'");
        }

        WriteNext(reading);
        WriteHandovers(status);
    }

    /// <summary>All of it in one line.</summary>
    public static string Short(StatusSnapshot reading)
    {
        NodeStatus status = reading.Node;
        return Terminal.Printable(
            $"{reading.Host}: {status.State} ({status.Reason}), {ShortJobs(status)}, {status.Unit} {(status.UnitState.Length > 0 ? status.UnitState : "not known")}{(reading.Provider is null ? "" : ", which warns")}");
    }

    /// <summary>"40 (100231-100270)", never an id alone that reads as a count.</summary>
    private static string Jobs(NodeStatus status) =>
        status.Jobs.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{status.Jobs.Count} ({JobRanges.Of(status.Jobs)})") : "none";

    /// <summary>How many, and which where it is one.</summary>
    private static string ShortJobs(NodeStatus status) => status.Jobs.Count switch
    {
        0 => "no job",
        1 => $"1 job ({status.Jobs[0]})",
        int count => Plural.Of(count, "job"),
    };

    private void WriteProvider(StatusSnapshot reading)
    {
        if (reading.Provider is { } provider)
        {
            string when = ages ? Ago(now - provider.At) : $"at {Absolute(provider.At)}";
            Line("Provider", $"said {when}: \"{Quoted(provider.Lines[0])}\"");
            foreach (string line in provider.Lines.Skip(1))
            {
                Line("", $"\"{Quoted(line)}\"");
            }
        }
        else if (reading.Node.State == NodeState.Failed.Word())
        {
            Line("Provider", $"what it said: 'journalctl -u {Terminal.Printable(reading.Node.Unit)}'{(reading.ByRoot ? "" : ", by root or the groups adm and systemd-journal")}");
        }
    }

    private static string UnitState(StatusSnapshot reading) => reading switch
    {
        { IsMissing: true } => "not-found",
        { Node.UnitState: "" } => "systemd does not answer",
        _ => Terminal.Printable(reading.Node.UnitState),
    };

    private void WriteHandovers(NodeStatus status)
    {
        string label = "Handover";
        foreach (NodeHandover handover in status.Handovers.Take(MostHandovers))
        {
            string at = UnixTime.FromUsec(handover.At) is { } time ? $"{Absolute(time)}, " : "";
            string overlap = handover.OverlapUsec > 0 ? $", overlap {SpanText.OfMicroseconds(handover.OverlapUsec)} at most" : "";
            Line(label, $"{at}job {Terminal.Printable(handover.JobId)}: {SpanText.OfMicroseconds(handover.Usec)}{overlap}");
            label = "";
        }

        if (label.Length > 0)
        {
            Line(label, status.LastHandoverUSec > 0 ? $"provider gone after {SpanText.OfMicroseconds(status.LastHandoverUSec)}" : "none yet");
        }
    }

    /// <summary>What comes next by itself, and what an operator can do.</summary>
    private void WriteNext(StatusSnapshot reading)
    {
        NodeStatus status = reading.Node;
        string? start = UnixTime.FromUsec(status.NextStart) is not { } at ? null : ages ? at - now < TimeSpan.FromSeconds(1) ? "now" : $"in {AgeText.Of(at - now)}" : $"at {Absolute(at)}";
        if (RetryCommand.WaitsForTry(status))
        {
            Line("Retry", $"{(start is null ? "" : $"next try {start}; ")}when the cause is fixed, 'hookctl retry' starts the provider at once");
        }
        else if (start is not null && !reading.IsMissing)
        {
            Line("Next", $"the provider starts {start}");
        }
    }

    /// <summary>A text of another program, cut to what a screen has room for.</summary>
    private static string Quoted(string words) => Terminal.Printable(words.Length > MostQuoted ? words[..MostQuoted] + "…" : words);

    private void Line(string label, string text) =>
        terminal.Say($"{label.PadLeft(LabelWidth)}{(label.Length > 0 ? ':' : ' ')} {text}", LabelWidth + 2);

    private string Held(NodeStatus status)
    {
        string? left = ages && UnixTime.FromUsec(status.HoldUntil) is { } end ? $"{AgeText.Of(end - now)} left" : null;
        string since = UnixTime.FromUsec(status.HoldSince) is { } began ? $" Since {Absolute(began)}." : "";
        return $"{HoldWords.Whole(status, zone, left)}.{since}";
    }

    private string Aged(DateTimeOffset time) => ages ? $"{Absolute(time)}; {Ago(now - time)}" : Absolute(time);

    private string Absolute(DateTimeOffset time) => MomentText.Of(time, zone);

    /// <summary>A time in the future comes of a clock that was set back.</summary>
    private static string Ago(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "the clock was set back since",
        { TotalSeconds: < 1 } => "just now",
        _ => $"{AgeText.Of(age)} ago",
    };

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
