using System.Buffers.Text;
using System.Text;
using HookAgent.Report.Reading;

namespace HookAgent.Report;

/// <summary>
/// Reads the lines of Wasimoff's denoprovider (versions of 2025; NO_COLOR is set in the unit), and what journald says of
/// lines that it dropped. A line that tells nothing is passed over before anything is kept of it. Which units count is
/// known only once the agent's entries are read: a node's agent names the one that it lends to.
/// </summary>
internal sealed class ProviderEntry(UnitList units)
{
    /// <summary>SD_MESSAGE_JOURNAL_DROPPED of systemd's sd-messages.h.</summary>
    public const string LinesDropped = "a596d6fe7bfa4994828e72309e95d61e";

    private readonly List<ProviderEvent> _read = [];

    /// <summary>What the entry tells: mostly nothing or one event; several where a list of tasks fits one line.</summary>
    public List<ProviderEvent> Read(Entry entry, int order)
    {
        _read.Clear();
        if (entry.Is(EntryField.MessageId, s_linesDropped))
        {
            // journald's own word of a unit: only root can give an entry that field (systemd.journal-fields(7)).
            if (IsOfRoot(entry) && !entry[EntryField.ObjectUnit].IsEmpty)
            {
                Add(entry, entry[EntryField.ObjectUnit], order, ProviderEventKind.LinesDropped, value: entry.Number(EntryField.LinesDropped) ?? 1);
            }

            return _read;
        }

        ReadOnlySpan<byte> unit = entry[EntryField.SystemdUnit];
        ReadOnlySpan<byte> line = entry[EntryField.Message].TrimStart((byte)' ');
        if (unit.IsEmpty || line.IsEmpty)
        {
            return _read;
        }

        if (line.StartsWith("[RPCHandler] "u8))
        {
            Add(entry, unit, order, ProviderEventKind.TaskStarted, task: Hash(TaskOf(line["[RPCHandler] "u8.Length..])));
        }
        else if (line.StartsWith("[WebSocket] open connection established"u8))
        {
            Add(entry, unit, order, ProviderEventKind.Connected);
        }
        else if (line.StartsWith("[Wasimoff] starting "u8))
        {
            Add(entry, unit, order, ProviderEventKind.Started);
        }
        else if (line.StartsWith("error: Uncaught"u8))
        {
            Add(entry, unit, order, ProviderEventKind.Crashed);
        }
        else if (line.StartsWith("aborted tasks:"u8))
        {
            Add(entry, unit, order, ProviderEventKind.AbortList);
            ReadAborted(entry, unit, order, line["aborted tasks:"u8.Length..]);
        }
        else if (line[0] is (byte)'{' or (byte)'w' or (byte)'t' or (byte)'s' or (byte)'a')
        {
            ReadAborted(entry, unit, order, line);
        }

        return _read;
    }

    /// <summary>
    /// "17 {": console.debug writes the id as it is, then the task as an object, whose lines follow.
    /// </summary>
    private static ReadOnlySpan<byte> TaskOf(ReadOnlySpan<byte> rest) =>
        rest.LastIndexOf(" {"u8) is var at and >= 0 ? rest[..at] : rest;

    /// <summary>
    /// Tasks, or a part of one, of a list of objects that Deno.inspect wrote: on one line where 72 columns hold it, such
    /// as "{ worker: 0, task: "17", started: 2026-11-22T08:00:00.000Z, age: 1.5 }", otherwise a key a line. Nothing is
    /// taken of a line that has anything else.
    /// </summary>
    private void ReadAborted(Entry entry, ReadOnlySpan<byte> unit, int order, ReadOnlySpan<byte> rest)
    {
        int before = _read.Count;
        AbortedKeys keys = AbortedKeys.None;
        ulong task = 0;
        long age = -1;
        while (!(rest = rest.TrimStart(" ,{}[]"u8)).IsEmpty)
        {
            int colon = rest.IndexOf((byte)':');
            AbortedKeys key = colon < 0 ? AbortedKeys.None : KeyOf(rest[..colon]);
            if (key == AbortedKeys.None || !TakeValue(rest[(colon + 1)..].TrimStart((byte)' '), out ReadOnlySpan<byte> value, out rest))
            {
                _read.RemoveRange(before, _read.Count - before);
                return;
            }

            if (keys >= key)
            {
                Add(entry, unit, order, ProviderEventKind.AbortedTask, task, age, keys);
                (keys, task, age) = (AbortedKeys.None, 0, -1);
            }

            keys |= key;
            task = key == AbortedKeys.Task ? Hash(value) : task;
            age = key == AbortedKeys.Age ? Age(value) : age;
        }

        if (keys != AbortedKeys.None)
        {
            Add(entry, unit, order, ProviderEventKind.AbortedTask, task, age, keys);
        }
    }

    private static AbortedKeys KeyOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("worker"u8) ? AbortedKeys.Worker
        : name.SequenceEqual("task"u8) ? AbortedKeys.Task
        : name.SequenceEqual("started"u8) ? AbortedKeys.Started
        : name.SequenceEqual("age"u8) ? AbortedKeys.Age
        : AbortedKeys.None;

    /// <summary>A string in any of JavaScript's quotes, or a word up to the next comma or bracket.</summary>
    private static bool TakeValue(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        value = default;
        rest = default;
        if (text.IsEmpty || text[0] is (byte)'{' or (byte)'[')
        {
            return false;
        }

        if (text[0] is (byte)'"' or (byte)'\'' or (byte)'`')
        {
            for (int i = 1; i < text.Length; i++)
            {
                if (text[i] == text[0])
                {
                    value = text[1..i];
                    rest = text[(i + 1)..];
                    return true;
                }

                i += text[i] == '\\' ? 1 : 0;
            }

            return false;
        }

        int end = text.IndexOfAny((byte)',', (byte)'}', (byte)' ');
        end = end < 0 ? text.Length : end;
        value = text[..end];
        rest = text[end..];
        return end > 0;
    }

    /// <summary>Seconds with a fraction to µs; -1 for "undefined", and for an age that a clock set back made negative.</summary>
    private static long Age(ReadOnlySpan<byte> seconds) =>
        Utf8Parser.TryParse(seconds, out double value, out int used) && used == seconds.Length && value is >= 0 and < 1e9
            ? (long)Math.Round(value * 1e6)
            : -1;

    /// <summary>FNV-1a (RFC 9923); never 0, which stands for no id.</summary>
    private static ulong Hash(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty || id.SequenceEqual("undefined"u8))
        {
            return 0;
        }

        ulong hash = 0xcbf29ce484222325;
        foreach (byte one in id)
        {
            hash = (hash ^ one) * 0x100000001b3;
        }

        return hash | 1;
    }

    private void Add(
        Entry entry, ReadOnlySpan<byte> unit, int order, ProviderEventKind kind, ulong task = 0, long value = -1, AbortedKeys keys = AbortedKeys.None)
    {
        if (units.Number(unit) is { } number && AgentEntry.Time(entry) is { } time)
        {
            _read.Add(new ProviderEvent(kind, number, keys, order, time.Monotonic, SequenceOf(entry[EntryField.Cursor]), task, value));
        }
    }

    /// <summary>The "i=" of "s=…;i=2f0a;b=…", in hexadecimal.</summary>
    private static long SequenceOf(ReadOnlySpan<byte> cursor)
    {
        int at = cursor.IndexOf(";i="u8);
        return at >= 0 && Utf8Parser.TryParse(cursor[(at + 3)..], out long number, out _, 'x') ? number : 0;
    }

    private static bool IsOfRoot(Entry entry) => entry[EntryField.UserId].IsEmpty || entry.Is(EntryField.UserId, "0"u8);

    private static readonly byte[] s_linesDropped = Encoding.ASCII.GetBytes(LinesDropped);
}
