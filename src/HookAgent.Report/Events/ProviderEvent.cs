namespace HookAgent.Report.Events;

/// <summary>What a line of a Wasimoff provider tells.</summary>
internal enum ProviderEventKind : byte
{
    /// <summary>The start program waits for a broker that does not answer, without the provider's program.</summary>
    Waiting,

    /// <summary>The provider's program has begun.</summary>
    Started,

    /// <summary>It is connected to the broker.</summary>
    Connected,

    TaskStarted,

    /// <summary>A list of the tasks that the provider aborts follows; it may be empty.</summary>
    AbortList,

    /// <summary>A line of that list: a whole task, or a part of one.</summary>
    AbortedTask,

    /// <summary>The provider ends by an error of its own, which names no task.</summary>
    Crashed,

    /// <summary>journald dropped lines of the provider.</summary>
    LinesDropped,
}

/// <summary>The keys of an aborted task, in the order in which the provider writes them.</summary>
[Flags]
internal enum AbortedTaskKeys : byte
{
    None = 0,
    Worker = 1,
    Task = 2,
    Started = 4,
    Age = 8,
}

/// <summary>One line of a provider. A million of them is held in memory, so it is small.</summary>
/// <param name="Unit">The unit that wrote it.</param>
/// <param name="Keys">AbortedTask: what this line tells.</param>
/// <param name="Order">The place among all events read.</param>
/// <param name="Sequence">The entry's number in its journal, which tells entries of the same µs apart; 0 where it is not known.</param>
/// <param name="Task">TaskStarted, AbortedTask: a hash of the task's id; 0 where it has none.</param>
/// <param name="Value">AbortedTask: for how many µs the task had run, -1 where it is not known. LinesDropped: how many.</param>
internal readonly record struct ProviderEvent(
    ProviderEventKind Kind,
    string Unit,
    AbortedTaskKeys Keys,
    int Order,
    long Monotonic,
    long Sequence,
    ulong Task = 0,
    long Value = -1) : IBootEvent<ProviderEvent>
{
    /// <summary>
    /// A journal that was sent to another machine is numbered anew there. But two tasks that were aborted in the same µs
    /// may have lines that differ in their numbers alone.
    /// </summary>
    public bool Repeats(in ProviderEvent other) => Kind is ProviderEventKind.AbortedTask
        ? this == other with { Order = Order }
        : this == other with { Order = Order, Sequence = Sequence };
}
