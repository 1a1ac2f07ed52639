namespace HookAgent.Report.Timeline;

/// <summary>One start of the provider, from the decision to lend until the provider was gone.</summary>
/// <param name="from">When the agent decided, in µs since the Epoch.</param>
/// <param name="told">There is an event of its beginning; otherwise when it began is not sure.</param>
/// <param name="decided">The agent had systemd start the provider; otherwise it found one that ran already.</param>
internal sealed class Lending(long from, bool told, bool decided)
{
    public long From { get; } = from;

    public bool Told { get; } = told;

    public bool Decided { get; } = decided;

    /// <summary>Null while it lasts.</summary>
    public long? To { get; set; }

    public LendingEnd End { get; set; }

    /// <summary>The provider's journal has a line of it; without one nothing of what follows is known.</summary>
    public bool Heard { get; set; }

    /// <summary>µs from the decision until the broker had the provider; null where it never did, or nobody decided.</summary>
    public long? Connected { get; set; }

    /// <summary>µs from the decision to the first task; null where none came, or nobody decided.</summary>
    public long? FirstTask { get; set; }

    /// <summary>A task came, in the report's span or not.</summary>
    public bool HadTask { get; set; }

    /// <summary>Tasks that came in the span.</summary>
    public long Started { get; set; }

    /// <summary>Tasks that the provider named as dropped, in the span.</summary>
    public long Aborted { get; set; }

    /// <summary>Of those, how many of which nobody knows when they began.</summary>
    public long Untimed { get; set; }

    /// <summary>µs for which the aborted tasks had run, those that are known.</summary>
    public long LostUsec { get; set; }

    /// <summary>When it named them, in µs since the Epoch; null where it named none.</summary>
    public long? AbortedAt { get; set; }

    /// <summary>The provider said which tasks it drops, be it none.</summary>
    public bool Named { get; set; }

    public bool Crashed { get; set; }

    /// <summary>It ended, with tasks perhaps, and did not say which: killed, or by an error.</summary>
    public bool EndUntold => To is not null && HadTask && !Named && (End != LendingEnd.Clean || Crashed);

    public bool WithoutTask => To is not null && Heard && !HadTask;
}
