using HookAgent.Report.Events;

namespace HookAgent.Report.Timeline;

/// <summary>One start of the provider, from the decision to lend until the provider was gone.</summary>
/// <param name="from">When the agent decided, in µs since the Epoch.</param>
/// <param name="isStartKnown">There is an entry of its beginning; otherwise when it began is not sure.</param>
/// <param name="isAgentStart">The agent had systemd start the provider; otherwise it found one that ran already.</param>
internal sealed class Lending(long from, bool isStartKnown, bool isAgentStart)
{
    public long From { get; } = from;

    public bool IsStartKnown { get; } = isStartKnown;

    /// <summary>Null while it lasts.</summary>
    public long? To { get; set; }

    public LendingEnd End { get; set; }

    /// <summary>The provider's journal has a line of it; without one nothing of what follows is known.</summary>
    public bool HasLines { get; set; }

    /// <summary>µs from the decision until the provider was connected to the broker; null where it never was, or nobody decided.</summary>
    public long? Connected { get; set; }

    /// <summary>µs from the decision to the first task; null where none came, or nobody decided.</summary>
    public long? FirstTask { get; set; }

    /// <summary>A task came, in the report's span or not.</summary>
    public bool HadTask { get; set; }

    /// <summary>Tasks that came in the span.</summary>
    public long Started { get; set; }

    /// <summary>Tasks that the provider listed as aborted, in the span.</summary>
    public long Aborted { get; set; }

    /// <summary>Of those, how many whose start is not known.</summary>
    public long Untimed { get; set; }

    /// <summary>µs for which the aborted tasks had run, of those whose start is known.</summary>
    public long LostUsec { get; set; }

    /// <summary>The provider listed the tasks that it aborted, be it none.</summary>
    public bool HasAbortList { get; set; }

    public bool Crashed { get; set; }

    /// <summary>The start program waited for a broker that did not answer.</summary>
    public bool Waited { get; set; }

    /// <summary>It ended, perhaps with tasks, without a list of them: killed, or by an error.</summary>
    public bool IsEndWithoutList => To is not null && HadTask && !HasAbortList && (End != LendingEnd.Clean || Crashed);

    public bool IsWithoutTask => To is not null && HasLines && !HadTask;

    /// <summary>
    /// µs from the decision to <paramref name="at"/>. Null where nobody decided; also where boots overlap on the calendar, so
    /// that the lending was moved behind its own lines.
    /// </summary>
    public long? SinceDecision(long at) => isAgentStart && at >= From ? at - From : null;
}

/// <summary>The moment at which a provider aborted tasks.</summary>
/// <param name="At">In µs since the Epoch.</param>
/// <param name="LostUsec">For how long those had run whose start is known.</param>
internal readonly record struct AbortMark(long At, long Tasks, long LostUsec)
{
    /// <summary>Both, at the time of this one.</summary>
    public AbortMark With(AbortMark other) => this with { Tasks = Tasks + other.Tasks, LostUsec = TimeText.Sum(LostUsec, other.LostUsec) };
}
