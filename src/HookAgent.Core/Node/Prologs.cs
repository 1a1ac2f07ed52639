using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Answers the Prologs that wait: when the provider is gone, or when they have waited PrologWait.</summary>
internal static class Prologs
{
    public static NodeModel Answer(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        foreach (WaitingProlog waiting in model.Waiting)
        {
            // A nudge for a job that has ended, or was never recorded, holds nobody back.
            bool current = model.Recorded.ContainsKey(waiting.Job) || model.Unrecorded.Contains(waiting.Job);
            if (model.ProviderMayRun && current && now < waiting.Until)
            {
                continue;
            }

            effects.Add(new AnswerProlog(waiting.Token));
            model = model with { Waiting = model.Waiting.Remove(waiting) };
            if (model.ProviderMayRun && model.Handovers.TryGetValue(waiting.Job, out PendingHandover? pending))
            {
                if (model.Settings.PrologWait > TimeSpan.Zero)
                {
                    effects.Add(new PrologWaitOver(waiting.Job, now - pending.Entered));
                }

                model = model with
                {
                    Handovers = model.Handovers.SetItem(waiting.Job, pending with { LetGo = pending.LetGo ?? now }),
                };
            }
        }

        return model;
    }
}
