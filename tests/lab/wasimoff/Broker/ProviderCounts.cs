namespace HookAgent.Wasimoff.Broker;

/// <summary>What became of all connections of the providers of one name.</summary>
internal sealed class ProviderCounts
{
    public int Connections { get; set; }

    /// <summary>Connections that ended before one task was completed: starts for nothing.</summary>
    public int Fruitless { get; set; }

    public long Completed { get; set; }

    /// <summary>The sum of the lengths of the completed tasks.</summary>
    public long CompletedMilliseconds { get; set; }

    /// <summary>Times a task was given to it and never came back.</summary>
    public long Lost { get; set; }
}
