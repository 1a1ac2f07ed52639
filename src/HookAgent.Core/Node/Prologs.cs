using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>A call of JobStarted that waits for the provider to be gone.</summary>
/// <param name="Token">Names the call; the loop answers it.</param>
/// <param name="Until">When it is answered at the latest.</param>
public sealed record WaitingProlog(long Token, JobId Job, BootTime Until) : Unprinted;

/// <summary>A job that came while the provider may still have run.</summary>
/// <param name="Entered">When its hook was entered.</param>
/// <param name="Called">Its Prolog has called, so it is known when the job was let go.</param>
/// <param name="LetGo">When its Prolog was answered although the provider still ran; null while it waits.</param>
/// <param name="Ended">When the job was gone again, if before the provider.</param>
public sealed record PendingHandover(BootTime Entered, bool Called, BootTime? LetGo, BootTime? Ended) : Unprinted
{
    public PendingHandover(BootTime entered)
        : this(entered, false, null, null)
    {
    }

    /// <summary>
    /// From when the job was let go to the end of job or provider, whichever was first; zero for a Prolog that was
    /// answered just now, with the provider gone. Without a call of its Prolog nobody knows when the job began:
    /// no earlier than its hook was entered.
    /// </summary>
    internal TimeSpan Overlap(BootTime now)
    {
        BootTime? began = LetGo ?? (Called ? null : Entered);
        return began is { } from ? (Ended ?? now) - from : TimeSpan.Zero;
    }
}

/// <summary>The Prologs that wait for the provider to be gone, and the handovers that are measured until it is.</summary>
public sealed record Prologs : Unprinted
{
    public ImmutableList<WaitingProlog> Waiting { get; init; } = [];

    public ImmutableSortedDictionary<JobId, PendingHandover> Handovers { get; init; } =
        ImmutableSortedDictionary<JobId, PendingHandover>.Empty;

    /// <summary>A Prolog of the job waits to be answered.</summary>
    public bool Waits(JobId job) => Waiting.Exists(waiting => waiting.Job == job);

    internal Prologs WithHandover(JobId job, BootTime entered) => this with { Handovers = Handovers.SetItem(job, new PendingHandover(entered)) };

    /// <summary>The handover of the job, if one is measured, changed.</summary>
    internal Prologs Changed(JobId job, Func<PendingHandover, PendingHandover> change) =>
        Handovers.TryGetValue(job, out PendingHandover? pending) ? this with { Handovers = Handovers.SetItem(job, change(pending)) } : this;

    /// <summary>The job is over: what it shares with the provider from now on is no overlap.</summary>
    internal Prologs JobEnded(JobId job, BootTime now) => Changed(job, pending => pending with { Ended = pending.Ended ?? now });

    /// <summary>The job's Prolog is answered while the provider still runs: from now on they overlap.</summary>
    internal Prologs LetGo(JobId job, BootTime now) =>
        Changed(job, pending => pending.Ended is null ? pending with { LetGo = pending.LetGo ?? now } : pending);

    /// <summary>The Prologs that waited see their connection end, and their jobs begin.</summary>
    internal Prologs LetAllGo(BootTime now)
    {
        Prologs prologs = this;
        foreach (WaitingProlog waiting in Waiting)
        {
            prologs = prologs.LetGo(waiting.Job, now);
        }

        return prologs with { Waiting = [] };
    }

    /// <summary>Answers the Prologs that wait: when the provider is gone, or when they have waited PrologWait.</summary>
    internal static NodeModel Answer(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        Prologs prologs = model.Prologs;

        // Those who are answered are taken out of the list: to make a list of a thousand anew, at each call of a flood, would
        // leave megabytes.
        ImmutableList<WaitingProlog> stay = prologs.Waiting;
        int staying = 0;
        bool unlisted = model.Directory.Trust is not (DirectoryTrust.Complete or DirectoryTrust.Incomplete);
        foreach (WaitingProlog waiting in prologs.Waiting)
        {
            // A nudge for a job that has ended, or was never recorded, holds nobody back.
            bool beside = model.ProviderMayRun && (unlisted || model.Jobs.Has(waiting.Job));
            if (beside && now < waiting.Until)
            {
                staying++;
                continue;
            }

            stay = stay.RemoveAt(staying);
            effects.Add(new AnswerProlog(waiting.Token));
            if (beside)
            {
                if (model.Settings.PrologWait > TimeSpan.Zero && prologs.Handovers.TryGetValue(waiting.Job, out PendingHandover? pending))
                {
                    effects.Add(new PrologWaitOver(waiting.Job, now - pending.Entered));
                }

                prologs = prologs.LetGo(waiting.Job, now);
            }
        }

        return ReferenceEquals(stay, prologs.Waiting) ? model : model with { Prologs = prologs with { Waiting = stay } };
    }

    /// <summary>Tells each handover once the provider is at rest.</summary>
    internal static NodeModel Complete(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Prologs.Handovers.IsEmpty || model.ProviderMayRun || !model.Systemd.IsReachable)
        {
            return model;
        }

        foreach ((JobId job, PendingHandover pending) in model.Prologs.Handovers)
        {
            effects.Add(new HandoverDone(job, now - pending.Entered, pending.Overlap(now)));
        }

        return model with { Prologs = model.Prologs with { Handovers = model.Prologs.Handovers.Clear() } };
    }

    /// <summary>The provider is lent on though jobs came and went: it could not be stopped in their time.</summary>
    internal Prologs AnnounceEndedBeside(List<NodeEffect> effects)
    {
        Prologs prologs = this;
        foreach ((JobId job, PendingHandover pending) in Handovers)
        {
            if (pending.Ended is { } ended)
            {
                effects.Add(new JobRanBeside(job, pending.Overlap(ended)));
                prologs = prologs with { Handovers = prologs.Handovers.Remove(job) };
            }
        }

        return prologs;
    }
}
