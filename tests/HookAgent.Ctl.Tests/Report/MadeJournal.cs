using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using HookAgent.Core.Journal;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>Journal entries as hookagentd and systemd write them, in the formats of journalctl.</summary>
internal sealed class MadeJournal
{
    /// <summary>2026-11-22 08:00 UTC.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private readonly List<List<(string Name, byte[] Value)>> _entries = [];

    public string Host { get; set; } = "com0";

    /// <summary>One of its own for each host, as machine-id(5) wants it.</summary>
    public string Machine
    {
        get => field ?? (Host == "com0" ? "3f2a0000000000000000000000000001" : Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Host)).PadLeft(32, '0')[^32..]);
        set;
    }

    public string Boot { get; set; } = "b0000000000000000000000000000001";

    /// <summary>When the boot began by the clock; what is added to its monotonic times.</summary>
    public DateTimeOffset Clock { get; set; } = Morning;

    /// <summary>What the agent lends the node to.</summary>
    public string Unit { get; set; } = "wasimoff-provider.service";

    public int Count => _entries.Count;

    public MadeJournal Started(double at) => Agent(at, NodeMessageIds.DaemonStarted);

    public MadeJournal Stopping(double at) => Agent(at, NodeMessageIds.DaemonStopping);

    /// <summary>A change of state; <paramref name="lasted"/> is how long the one before had lasted, in seconds.</summary>
    public MadeJournal State(double at, string from, string to, string reason, double lasted = 0) => Agent(
        at, NodeMessageIds.StateChanged, ("HOOKAGENT_PREVIOUS_STATE", from), ("HOOKAGENT_STATE", to), ("HOOKAGENT_REASON", reason), ("HOOKAGENT_IN_STATE_USEC", Usec(lasted)), ("UNIT", Unit));

    public MadeJournal Came(double at, int job) => Agent(at, NodeMessageIds.JobAppeared, Job(job));

    public MadeJournal Left(double at, int job) => Agent(at, NodeMessageIds.JobDisappeared, Job(job));

    public MadeJournal HandedOver(double at, int job, double handover, double overlap = 0) => Agent(
        at, NodeMessageIds.HandoverDone, Job(job), ("HOOKAGENT_HANDOVER_USEC", Usec(handover)), ("HOOKAGENT_OVERLAP_USEC", Usec(overlap)));

    public MadeJournal ProviderStopped(double at, double? lent, string how = "clean") => Agent(
        at, NodeMessageIds.ProviderStopped, [("HOOKAGENT_STOP", how), .. lent is { } known ? [("HOOKAGENT_LENT_USEC", Usec(known))] : ((string, string)[])[]]);

    /// <summary>Lines that the unit wrote to its stdout, which the journal took in one turn: all have the same time.</summary>
    public MadeJournal Wrote(double at, params string[] lines)
    {
        foreach (string line in lines)
        {
            Add(at, ("_TRANSPORT", "stdout"), ("_UID", "994"), ("_PID", "4242"), ("_SYSTEMD_UNIT", Unit), ("SYSLOG_IDENTIFIER", "wasimoff-provider"), ("MESSAGE", line));
        }

        return this;
    }

    /// <summary>As Wasimoff's denoprovider does (2025-09, Deno 2.9.6, NO_COLOR), with two workers.</summary>
    public MadeJournal ProviderStarts(double at) => Wrote(
        at, "{ workers: 2, url: \"http://controller:4080\", retry: true }", "[Wasimoff] starting Deno Provider",
        "[WasiWorkerPool] spawn Worker 0", "[WasiWorkerPool] spawn Worker 1");

    public MadeJournal ProviderConnects(double at) => Wrote(
        at, "[WebSocket] open connection established {", "  url: \"ws://controller:4080/api/provider/ws\",",
        "  protocol: \"wasimoff_provider_v1_protobuf\"", "}");

    public MadeJournal TaskStarts(double at, string id) => Wrote(
        at, $"[RPCHandler] {id} {{", "  \"$typeName\": \"wasimoff.v1.Task.Wasip1.Params\",", "  binary: { ref: \"sha256:abc\", blob: Uint8Array(0) [] },",
        "  args: [ \"tsp.wasm\", \"rand\", \"10\" ],", "  envs: [],", "  stdin: undefined", "}");

    public MadeJournal ProviderDrains(double at) => Wrote(at, " shutdown (send signal again to force immediate exit)");

    /// <summary>What a second signal brings about; an id comes in JavaScript's quotes.</summary>
    public MadeJournal ProviderAborts(double at, params (string Id, string Age)[] tasks) => Wrote(at, [
        " kill",
        .. tasks.Length == 0 ? ["aborted tasks: []"] : (string[])["aborted tasks: ["],
        .. tasks.SelectMany((task, i) => (string[])[
            "  {", $"    worker: {i},", $"    task: {task.Id},", "    started: 2026-11-22T08:00:00.000Z,", $"    age: {task.Age}", i == tasks.Length - 1 ? "  }" : "  },"]),
        .. tasks.Length == 0 ? (string[])[] : ["]"]]);

    /// <summary>journald's own word of lines that it did not take of the unit.</summary>
    public MadeJournal LinesDropped(double at, int lines, string? unit = null) => Add(
        at, ("MESSAGE_ID", "a596d6fe7bfa4994828e72309e95d61e"), ("_TRANSPORT", "driver"), ("_UID", "0"), ("_SYSTEMD_UNIT", "systemd-journald.service"),
        ("MESSAGE", $"Suppressed {lines} messages from {unit ?? Unit}"), ("N_DROPPED", lines.ToString(CultureInfo.InvariantCulture)),
        ("OBJECT_SYSTEMD_UNIT", unit ?? Unit));

    public MadeJournal Agent(double at, string id, params (string, string)[] fields) => Add(
        at, [("MESSAGE_ID", id), ("_UID", "0"), ("_PID", "741"), ("SYSLOG_IDENTIFIER", "hookagentd"), .. fields]);

    /// <summary>What systemd writes of a service that has failed.</summary>
    public MadeJournal UnitFailed(double at) => Add(
        at, [("MESSAGE_ID", "d9b373ed55a64feb8242e02dbe79a49c"), ("_UID", "0"), ("_PID", "1"), ("UNIT", "hookagentd.service")]);

    /// <summary>Any entry, <paramref name="at"/> seconds after the boot.</summary>
    public MadeJournal Add(double at, params (string Name, string Value)[] fields)
    {
        long monotonic = (long)(at * 1e6);
        string realtime = ((Clock.ToUnixTimeMilliseconds() * 1000) + monotonic).ToString(CultureInfo.InvariantCulture);
        return AddBytes([
            ("__CURSOR", $"s=1;i={_entries.Count:x};b={Boot}"), ("__REALTIME_TIMESTAMP", realtime),
            ("__MONOTONIC_TIMESTAMP", monotonic.ToString(CultureInfo.InvariantCulture)), ("_BOOT_ID", Boot),
            ("_HOSTNAME", Host), ("_MACHINE_ID", Machine), .. fields]);
    }

    public MadeJournal AddBytes(IEnumerable<(string Name, string Value)> fields)
    {
        _entries.Add([.. fields.Select(static field => (field.Name, Encoding.Latin1.GetBytes(field.Value)))]);
        return this;
    }

    /// <summary>Puts a field into the last entry.</summary>
    public MadeJournal With(string name, byte[] value)
    {
        _entries[^1].Add((name, value));
        return this;
    }

    public byte[] Export()
    {
        using MemoryStream bytes = new();
        foreach (List<(string Name, byte[] Value)> entry in _entries)
        {
            foreach ((string name, byte[] value) in entry)
            {
                WriteExported(bytes, name, value);
            }

            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    public byte[] Json()
    {
        StringBuilder text = new();
        foreach (List<(string Name, byte[] Value)> entry in _entries)
        {
            text.Append('{').AppendJoin(", ", entry.Select(static field => $"\"{field.Name}\" : {JsonValue(field.Value)}")).Append("}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public byte[] In(string format) => format == "json" ? Json() : Export();

    private static void WriteExported(MemoryStream to, string name, byte[] value)
    {
        to.Write(Encoding.ASCII.GetBytes(name));
        if (value.All(static b => b is >= 0x20 or (byte)'\t'))
        {
            to.WriteByte((byte)'=');
        }
        else
        {
            byte[] length = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, value.Length);
            to.WriteByte((byte)'\n');
            to.Write(length);
        }

        to.Write(value);
        to.WriteByte((byte)'\n');
    }

    /// <summary>journalctl writes what is not printable as an array of its bytes.</summary>
    private static string JsonValue(byte[] value) => value.All(static b => b is >= 0x20 and < 0x7F)
        ? System.Text.Json.JsonSerializer.Serialize(Encoding.ASCII.GetString(value))
        : $"[ {string.Join(", ", value)} ]";

    private static (string, string) Job(int job) => ("SLURM_JOB_ID", job.ToString(CultureInfo.InvariantCulture));

    private static string Usec(double seconds) => ((long)Math.Round(seconds * 1e6)).ToString(CultureInfo.InvariantCulture);
}
