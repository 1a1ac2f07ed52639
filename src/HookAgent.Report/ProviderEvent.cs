namespace HookAgent.Report;

/// <summary>What a line of a Wasimoff provider tells.</summary>
internal enum ProviderEventKind : byte
{
    /// <summary>Its program has begun.</summary>
    Started,

    /// <summary>The broker has it.</summary>
    Connected,

    TaskStarted,

    /// <summary>It names, from here on, the tasks that it drops.</summary>
    AbortList,

    /// <summary>A line of that list: a whole task, or a part of one.</summary>
    AbortedTask,

    /// <summary>It ends by an error of its own, which names no task.</summary>
    Crashed,

    /// <summary>journald has dropped lines of it.</summary>
    LinesDropped,
}

/// <summary>The keys of an aborted task, in the order in which the provider writes them.</summary>
[Flags]
internal enum AbortedKeys : byte
{
    None = 0,
    Worker = 1,
    Task = 2,
    Started = 4,
    Age = 8,
}

/// <summary>One line of a provider. A million of them is held in memory, so it is small.</summary>
/// <param name="Unit">Of <see cref="UnitList"/>: the unit that wrote it.</param>
/// <param name="Keys">AbortedTask: what this line tells.</param>
/// <param name="Order">The place among all entries read.</param>
/// <param name="Monotonic">When, in µs of the boot's CLOCK_MONOTONIC.</param>
/// <param name="Sequence">The entry's number in the journal, by which entries of the same µs are told apart; 0 where it is not told.</param>
/// <param name="Task">TaskStarted, AbortedTask: a hash of the task's id; 0 where it has none.</param>
/// <param name="Value">AbortedTask: for how many µs it had run, -1 where it is not told. LinesDropped: how many.</param>
internal readonly record struct ProviderEvent(
    ProviderEventKind Kind,
    byte Unit,
    AbortedKeys Keys,
    int Order,
    long Monotonic,
    long Sequence,
    ulong Task = 0,
    long Value = -1)
{
    /// <summary>
    /// The same entry, read twice. A journal that was sent elsewhere is numbered anew there; but two tasks that were
    /// aborted in the same µs may have lines that differ in their numbers alone.
    /// </summary>
    public bool Repeats(in ProviderEvent other) => Kind is ProviderEventKind.AbortedTask
        ? this == other with { Order = Order }
        : this == other with { Order = Order, Sequence = Sequence };

    /// <summary>By time, and in the order of their journal.</summary>
    public static int Compare(ProviderEvent a, ProviderEvent b) =>
        a.Monotonic != b.Monotonic ? a.Monotonic.CompareTo(b.Monotonic)
        : a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence)
        : a.Order.CompareTo(b.Order);
}
