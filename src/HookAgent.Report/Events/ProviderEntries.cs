using System.Buffers.Text;
using System.Text;
using HookAgent.Report.Reading;

namespace HookAgent.Report.Events;

/// <summary>
/// Reads the lines of Wasimoff's denoprovider (versions of 2025; the unit sets NO_COLOR) and of its start program, and what journald says of lines
/// that it dropped. Which unit is the provider's is known only when the agent's entries are read: they name it.
/// </summary>
internal sealed class ProviderEntries
{
    /// <summary>SD_MESSAGE_JOURNAL_DROPPED of systemd's sd-messages.h.</summary>
    public const string LinesDropped = "a596d6fe7bfa4994828e72309e95d61e";

    private readonly List<ProviderEvent> _read = [];

    /// <summary>The events of an entry: mostly none or one, several where a list of tasks fits one line.</summary>
    public List<ProviderEvent> Read(EntryFields entry, EntryTime time, int order)
    {
        _read.Clear();
        if (entry[EntryField.MessageId].SequenceEqual(s_linesDropped))
        {
            // Only root can give an entry the field of another unit (systemd.journal-fields(7)).
            if (entry.IsOfRoot && entry.Has(EntryField.ObjectUnit))
            {
                Add(ProviderEventKind.LinesDropped, EntryField.ObjectUnit, value: entry.Number(EntryField.LinesDropped) ?? 1);
            }

            return _read;
        }

        ReadOnlySpan<byte> line = entry[EntryField.Message].TrimStart((byte)' ');
        if (!entry.Has(EntryField.SystemdUnit) || line.IsEmpty)
        {
            return _read;
        }

        if (line.StartsWith("[RPCHandler] "u8))
        {
            Add(ProviderEventKind.TaskStarted, task: Hash(TaskOf(line["[RPCHandler] "u8.Length..])));
        }
        else if (line.StartsWith("[WebSocket] open connection established"u8))
        {
            Add(ProviderEventKind.Connected);
        }
        else if (line.StartsWith("Waiting for the broker at "u8))
        {
            Add(ProviderEventKind.Waiting);
        }
        else if (line.StartsWith("[Wasimoff] starting "u8))
        {
            Add(ProviderEventKind.Started);
        }
        else if (line.StartsWith("error: Uncaught"u8))
        {
            Add(ProviderEventKind.Crashed);
        }
        else if (line.StartsWith("aborted tasks:"u8))
        {
            Add(ProviderEventKind.AbortList);
            AddAborted(line["aborted tasks:"u8.Length..]);
        }
        else if (line[0] is (byte)'{' or (byte)'w' or (byte)'t' or (byte)'s' or (byte)'a')
        {
            AddAborted(line);
        }

        return _read;

        void Add(ProviderEventKind kind, EntryField unit = EntryField.SystemdUnit, AbortedTaskKeys keys = AbortedTaskKeys.None, ulong task = 0, long value = -1) =>
            _read.Add(new ProviderEvent(kind, entry.Text(unit), keys, order, time.Monotonic, SequenceOf(entry[EntryField.Cursor]), task, value));

        void AddAborted(ReadOnlySpan<byte> list)
        {
            foreach ((AbortedTaskKeys keys, ulong task, long age) in AbortedTasks(list))
            {
                Add(ProviderEventKind.AbortedTask, keys: keys, task: task, value: age);
            }
        }
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
    private static List<(AbortedTaskKeys Keys, ulong Task, long Age)> AbortedTasks(ReadOnlySpan<byte> rest)
    {
        List<(AbortedTaskKeys, ulong, long)> tasks = [];
        (AbortedTaskKeys keys, ulong task, long age) = (AbortedTaskKeys.None, 0, -1);
        while (!(rest = rest.TrimStart(" ,{}[]"u8)).IsEmpty)
        {
            int colon = rest.IndexOf((byte)':');
            AbortedTaskKeys key = colon < 0 ? AbortedTaskKeys.None : KeyOf(rest[..colon]);
            if (key == AbortedTaskKeys.None || !TakeValue(rest[(colon + 1)..].TrimStart((byte)' '), out ReadOnlySpan<byte> value, out rest))
            {
                return [];
            }

            if (keys >= key)
            {
                tasks.Add((keys, task, age));
                (keys, task, age) = (AbortedTaskKeys.None, 0, -1);
            }

            keys |= key;
            task = key == AbortedTaskKeys.Task ? Hash(value) : task;
            age = key == AbortedTaskKeys.Age ? Age(value) : age;
        }

        return keys == AbortedTaskKeys.None ? tasks : [.. tasks, (keys, task, age)];
    }

    private static AbortedTaskKeys KeyOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("worker"u8) ? AbortedTaskKeys.Worker
        : name.SequenceEqual("task"u8) ? AbortedTaskKeys.Task
        : name.SequenceEqual("started"u8) ? AbortedTaskKeys.Started
        : name.SequenceEqual("age"u8) ? AbortedTaskKeys.Age
        : AbortedTaskKeys.None;

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

    /// <summary>The "i=" of "s=…;i=2f0a;b=…", in hexadecimal.</summary>
    private static long SequenceOf(ReadOnlySpan<byte> cursor)
    {
        int at = cursor.IndexOf(";i="u8);
        return at >= 0 && Utf8Parser.TryParse(cursor[(at + 3)..], out long number, out _, 'x') ? number : 0;
    }

    private static readonly byte[] s_linesDropped = Encoding.ASCII.GetBytes(LinesDropped);
}
