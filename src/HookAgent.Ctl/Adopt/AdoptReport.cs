using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Adopt;

/// <summary>What was done to a unit, or with --dry-run would be.</summary>
internal sealed class AdoptReport
{
    public required string Unit { get; init; }

    /// <summary>Whether the adoption was taken back.</summary>
    public required bool IsUndo { get; init; }

    /// <summary>Whether nothing was done.</summary>
    public required bool IsDry { get; init; }

    /// <summary>Whether anything is another than before.</summary>
    public bool Changed { get; set; } = true;

    /// <summary>What the drop-in says; null where it was removed, or none is needed.</summary>
    public string? Text { get; set; }

    /// <summary>The links that were removed, or put back.</summary>
    public IReadOnlyList<UnitLink> Links { get; set; } = [];

    /// <summary>Whether it ran, and was stopped.</summary>
    public bool Stopped { get; set; }

    public IReadOnlyList<string> Notes { get; set; } = [];

    /// <summary>The sentences at the end: what to do now.</summary>
    public IReadOnlyList<string> Next { get; set; } = [];

    private string File => AdoptDropIn.PathOf(Unit);

    public int Write(Terminal terminal, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(terminal.Out, Json());
            return ExitCode.Done;
        }

        if (Changed)
        {
            string would = IsDry ? "would " : "";
            string past = IsDry ? "" : "d";
            terminal.Say((IsUndo, IsDry) switch
            {
                (false, false) => $"{Unit} is adopted: hookagentd alone starts it, and never beside a job.",
                (true, false) => $"{Unit} is as it was before it was adopted.",
                (_, true) => $"{Unit} can be {(IsUndo ? "put back" : "adopted")}. Nothing was changed.",
            });
            terminal.Say($"  {would}{(IsUndo ? $"remove{past}" : IsDry ? "write" : "wrote")}  {File}", indent: 4);
            foreach (UnitLink link in Links)
            {
                terminal.Say($"  {would}{(IsUndo ? "put back" : $"remove{past}")}  {link}", indent: 4);
            }

            if (Stopped)
            {
                terminal.Say($"  {would}{(IsDry ? "stop" : "stopped")}  {Unit}, which {(IsDry ? "runs" : "ran")}");
            }
        }

        foreach (string line in Notes.Concat(Next).SelectMany(static text => text.Split('\n')))
        {
            // A command stays on its line, so that it can be pasted.
            terminal.Out.WriteLine(line.StartsWith(' ') ? line : WordWrap.Of(line, terminal.Width));
        }

        if (IsDry && Text is not null)
        {
            terminal.Out.Write($"\n{Text}");
        }

        return ExitCode.Done;
    }

    /// <summary>For programs, as hookctl(1) documents it key by key.</summary>
    private JsonObject Json() => new()
    {
        ["unit"] = Unit,
        ["changed"] = Changed && !IsDry,
        ["drop_in"] = File,
        ["text"] = Text,
        ["links"] = JsonLine.Strings(Links.Select(static link => link.ToString())),
        ["stopped"] = Stopped && !IsDry,
        ["notes"] = JsonLine.Strings(Notes),
    };
}
