using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Answers the Prologs that wait: when the provider is gone, or when they have waited PrologWait.</summary>
internal static class Prologs
{
    public static NodeModel Answer(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        List<WaitingProlog> stay = [];
        bool unlisted = model.Directory is not (DirectoryTrust.Proven or DirectoryTrust.Unproven);
        foreach (WaitingProlog waiting in model.Waiting)
        {
            // A nudge for a job that has ended, or was never recorded, holds nobody back.
            bool current = unlisted || model.Recorded.ContainsKey(waiting.Job) || model.Unrecorded.Contains(waiting.Job);
            if (model.ProviderMayRun && current && now < waiting.Until)
            {
                stay.Add(waiting);
                continue;
            }

            effects.Add(new AnswerProlog(waiting.Token));
            if (model.ProviderMayRun && current)
            {
                if (model.Settings.PrologWait > TimeSpan.Zero && model.Handovers.TryGetValue(waiting.Job, out PendingHandover? pending))
                {
                    effects.Add(new PrologWaitOver(waiting.Job, now - pending.Entered));
                }

                model = model with { Handovers = Handovers.LetGo(model.Handovers, waiting.Job, now) };
            }
        }

        return stay.Count == model.Waiting.Count ? model : model with { Waiting = [.. stay] };
    }
}
