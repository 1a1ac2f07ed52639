using HookAgent.Core.Node;

namespace HookAgent.Ctl.Status;

/// <summary>The sentence behind the word by which the agent gives its reason.</summary>
internal static class ReasonSentence
{
    /// <summary>A newer agent may have reasons that this program does not know; its word is all there is then.</summary>
    public static string Of(string word)
    {
        foreach (Reason reason in Enum.GetValues<Reason>())
        {
            if (reason.Word() == word)
            {
                return reason.Sentence();
            }
        }

        return $"The daemon gives as its reason '{word}', which this version of hookctl does not know.";
    }
}
