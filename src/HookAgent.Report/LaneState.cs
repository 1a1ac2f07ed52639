using HookAgent.Core.Node;

namespace HookAgent.Report;

/// <summary>What the report says of a node at a time: a state of the agent's, or that there was no agent.</summary>
internal enum LaneState : byte
{
    Lending,
    Busy,
    Reclaiming,
    Settling,
    Held,
    Failed,
    Unknown,

    /// <summary>The agent did not run, or nothing is known of it.</summary>
    Off,
}

internal static class LaneStates
{
    public const int Count = (int)LaneState.Off + 1;

    public static LaneState[] All { get; } = Enum.GetValues<LaneState>();

    /// <summary>A text for each state. (LINQ over numbers costs this small program a third of a megabyte.)</summary>
    public static string[] Each(Converter<LaneState, string> text) => Array.ConvertAll(All, text);

    /// <summary>The agent's words, and "off".</summary>
    public static string Word(this LaneState state) => state switch
    {
        LaneState.Lending => NodeState.Lending.Word(),
        LaneState.Busy => NodeState.Busy.Word(),
        LaneState.Reclaiming => NodeState.Reclaiming.Word(),
        LaneState.Settling => NodeState.Settling.Word(),
        LaneState.Held => NodeState.Held.Word(),
        LaneState.Failed => NodeState.Failed.Word(),
        LaneState.Unknown => NodeState.Unknown.Word(),
        LaneState.Off => "off",
    };

    /// <summary>A state that only a newer agent knows counts as unknown.</summary>
    public static LaneState Of(ReadOnlySpan<byte> word)
    {
        foreach (LaneState state in All)
        {
            if (state != LaneState.Off && word.SequenceEqual(s_words[(int)state]))
            {
                return state;
            }
        }

        return LaneState.Unknown;
    }

    private static readonly byte[][] s_words = Array.ConvertAll(All, static state => System.Text.Encoding.ASCII.GetBytes(state.Word()));
}
