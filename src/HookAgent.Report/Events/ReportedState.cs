using System.Buffers;
using HookAgent.Core.Node;

namespace HookAgent.Report.Events;

/// <summary>The states of a node in a report: those of the agent, and that there was no agent.</summary>
internal enum ReportedState : byte
{
    Lending,
    Busy,
    Reclaiming,
    Settling,
    Held,
    Failed,
    Unknown,

    /// <summary>The agent did not run, or the journal has nothing of that time.</summary>
    Off,
}

internal static class ReportedStates
{
    /// <summary>In the order of tables and pictures.</summary>
    public static ReportedState[] All { get; } = Enum.GetValues<ReportedState>();

    /// <summary>The agent's word, or "off".</summary>
    public static string Word(this ReportedState state) => state switch
    {
        ReportedState.Lending => NodeState.Lending.Word(),
        ReportedState.Busy => NodeState.Busy.Word(),
        ReportedState.Reclaiming => NodeState.Reclaiming.Word(),
        ReportedState.Settling => NodeState.Settling.Word(),
        ReportedState.Held => NodeState.Held.Word(),
        ReportedState.Failed => NodeState.Failed.Word(),
        ReportedState.Unknown => NodeState.Unknown.Word(),
        ReportedState.Off => "off",
    };

    /// <summary>The state of a word of the agent. One that only a newer agent knows counts as unknown.</summary>
    public static ReportedState Of(string word) => s_byWord.GetValueOrDefault(word, ReportedState.Unknown);

    private static readonly Dictionary<string, ReportedState> s_byWord = All.Where(static state => state != ReportedState.Off).ToDictionary(Word);
}

/// <summary>The reasons of a report: those of the agent (hookagentd(8)), and these.</summary>
internal static class ReportedReason
{
    /// <summary>The journal has nothing of this time.</summary>
    public const string NoData = "no-data";

    /// <summary>hookagentd was stopped.</summary>
    public const string AgentStopped = "agent-stopped";

    /// <summary>hookagentd was killed, or ended by a fault.</summary>
    public const string AgentFailed = "agent-failed";

    /// <summary>The node went down without stopping hookagentd.</summary>
    public const string NodeDown = "node-down";

    /// <summary>The state is known, but the entry with its reason is missing.</summary>
    public const string NotLogged = "";

    private const int MostLength = 40;

    private static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>"other" for what is no word of lower-case letters, digits and dashes.</summary>
    public static string Of(string word) => word.Length <= MostLength && !word.AsSpan().ContainsAnyExcept(s_letters) ? word : "other";
}
