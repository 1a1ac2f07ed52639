using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Adopt;

/// <summary>What an operator should know of a unit that is adopted, because hookctl cannot judge it.</summary>
internal static class AdoptNotes
{
    public static IReadOnlyList<string> Of(AdoptFacts facts) =>
    [
        .. facts.Unit is { HasStopCommands: true }
            ? (string[])[$"Note: its ExecStop= and ExecStopPost= run no more. SIGTERM must stop it within StopGrace={TimeSpanText.Format(facts.Set.StopGrace)}; SIGKILL follows."]
            : [],
        .. facts.StartedWith.Count > 0
            ? (string[])[$"Note: a start of it also starts {string.Join(", ", facts.StartedWith)}, which no job stops."]
            : [],
    ];
}
