using HookAgent.Bus;
using HookAgent.Core.Node;

namespace HookAgent.Ctl.Status;

/// <summary>The sentence that explains a reason of the agent.</summary>
internal static class ReasonSentence
{
    /// <summary>A newer agent may have reasons that this program does not know. Then only the word can be shown.</summary>
    public static string Of(NodeStatus status)
    {
        foreach (Reason reason in Enum.GetValues<Reason>())
        {
            if (reason.Word() == status.Reason)
            {
                return reason.Sentence(status.Unit, status.RequireUnit);
            }
        }

        return $"The agent's reason is '{status.Reason}', which this version of hookctl does not know.";
    }
}
