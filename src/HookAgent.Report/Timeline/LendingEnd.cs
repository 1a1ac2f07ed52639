using HookAgent.Core.Node;

namespace HookAgent.Report.Timeline;

/// <summary>How a lending ended, as far as the agent's journal tells.</summary>
internal enum LendingEnd : byte
{
    /// <summary>It has not, or nobody told.</summary>
    Untold,

    /// <summary>The provider stopped as asked.</summary>
    Clean,

    SecondSignal,
    Killed,

    /// <summary>It did not start, or ended by itself.</summary>
    Failed,
}

internal static class LendingEnds
{
    /// <summary>The words of HOOKAGENT_STOP, "failed", and nothing.</summary>
    public static string Word(this LendingEnd end) => end switch
    {
        LendingEnd.Untold => "",
        LendingEnd.Clean => StopStage.Asked.Word(),
        LendingEnd.SecondSignal => StopStage.SecondSignal.Word(),
        LendingEnd.Killed => StopStage.Killed.Word(),
        LendingEnd.Failed => NodeState.Failed.Word(),
    };

    /// <summary>Of HOOKAGENT_STOP.</summary>
    public static LendingEnd Of(ReadOnlySpan<byte> word) =>
        word.SequenceEqual(s_clean) ? LendingEnd.Clean
        : word.SequenceEqual(s_secondSignal) ? LendingEnd.SecondSignal
        : word.SequenceEqual(s_killed) ? LendingEnd.Killed
        : LendingEnd.Untold;

    private static readonly byte[] s_clean = [.. System.Text.Encoding.ASCII.GetBytes(LendingEnd.Clean.Word())];
    private static readonly byte[] s_secondSignal = [.. System.Text.Encoding.ASCII.GetBytes(LendingEnd.SecondSignal.Word())];
    private static readonly byte[] s_killed = [.. System.Text.Encoding.ASCII.GetBytes(LendingEnd.Killed.Word())];
}
