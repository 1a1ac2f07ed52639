using System.Globalization;

namespace HookAgent.Wasimoff.Wire;

/// <summary>
/// What broker and provider say to each other: words in a text frame of a WebSocket. The real ones speak Protobuf; who
/// watches systemd and the network sees no difference.
/// </summary>
internal abstract record Message
{
    /// <summary>A provider's first word: its name.</summary>
    public sealed record Hello(string Name) : Message;

    /// <summary>
    /// How many tasks it runs at a time from now on. A draining provider says one less before each result, so that the
    /// broker has nothing for the worker that has become free.
    /// </summary>
    public sealed record Workers(int Count) : Message;

    /// <summary>Run this.</summary>
    public sealed record Run(WorkItem Item) : Message;

    /// <summary>It is done.</summary>
    public sealed record Done(long Id) : Message;

    public string Text => this switch
    {
        Hello hello => $"hello {hello.Name}",
        Workers workers => string.Create(CultureInfo.InvariantCulture, $"workers {workers.Count}"),
        Run run => string.Create(CultureInfo.InvariantCulture, $"run {run.Item.Id} {run.Item.Milliseconds} {run.Item.Mebibytes}"),
        Done done => string.Create(CultureInfo.InvariantCulture, $"done {done.Id}"),
        _ => throw new InvalidOperationException($"no such message: {GetType()}"),
    };

    /// <summary>Null for anything else, as a real provider sends.</summary>
    public static Message? Parse(string text)
    {
        string[] words = text.Split(' ');
        return words switch
        {
            ["hello", { Length: > 0 } name] => new Hello(name),
            ["workers", string workers] when Number(workers) is <= int.MaxValue and long count => new Workers((int)count),
            ["run", string id, string milliseconds, string mebibytes]
                when Number(id) is { } number && Number(milliseconds) is <= int.MaxValue and long length && Number(mebibytes) is <= int.MaxValue and long size
                => new Run(new(number, (int)length, (int)size)),
            ["done", string id] when Number(id) is { } number => new Done(number),
            _ => null,
        };
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
