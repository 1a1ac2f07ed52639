using System.Globalization;

namespace HookAgent.Wasimoff.Wire;

/// <summary>
/// What broker and provider say to each other: words in a text frame of a WebSocket. The real ones speak Protobuf; who
/// watches systemd and the network sees no difference.
/// </summary>
internal abstract record Message
{
    /// <summary>A provider's first word: its name, and how many tasks it runs at a time.</summary>
    public sealed record Hello(string Name, int Workers) : Message;

    /// <summary>Run this.</summary>
    public sealed record Run(WorkItem Item) : Message;

    /// <summary>It is done.</summary>
    public sealed record Done(long Id) : Message;

    /// <summary>It was given up, and another provider should run it.</summary>
    public sealed record Aborted(long Id) : Message;

    public string Text => this switch
    {
        Hello hello => string.Create(CultureInfo.InvariantCulture, $"hello {hello.Name} {hello.Workers}"),
        Run run => string.Create(CultureInfo.InvariantCulture, $"run {run.Item.Id} {run.Item.Milliseconds} {run.Item.Mebibytes}"),
        Done done => string.Create(CultureInfo.InvariantCulture, $"done {done.Id}"),
        Aborted aborted => string.Create(CultureInfo.InvariantCulture, $"aborted {aborted.Id}"),
        _ => throw new InvalidOperationException($"no such message: {GetType()}"),
    };

    /// <summary>Null for anything else, as a real provider sends.</summary>
    public static Message? Parse(string text)
    {
        string[] words = text.Split(' ');
        return words switch
        {
            ["hello", { Length: > 0 } name, string workers] when Number(workers) is > 0 and <= int.MaxValue and long count => new Hello(name, (int)count),
            ["run", string id, string milliseconds, string mebibytes]
                when Number(id) is { } number && Number(milliseconds) is <= int.MaxValue and long length && Number(mebibytes) is <= int.MaxValue and long size
                => new Run(new(number, (int)length, (int)size)),
            ["done", string id] when Number(id) is { } number => new Done(number),
            ["aborted", string id] when Number(id) is { } number => new Aborted(number),
            _ => null,
        };
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
