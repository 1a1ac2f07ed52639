using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Systemd;

/// <summary>A condition of a unit, such as <c>ConditionDirectoryNotEmpty=!/run/hookagent/jobs</c>.</summary>
public sealed record UnitCondition(string Name, bool Negated, string Parameter)
{
    public override string ToString() => $"{Name}={(Negated ? "!" : "")}{Parameter}";
}

/// <summary>
/// What systemd tells of a service's settings and use of resources (org.freedesktop.systemd1(5)), read at one
/// moment. What it did not tell, or not as a number, is null. A limit that is not set is <see cref="NoLimit"/>.
/// </summary>
public sealed record UnitSettings
{
    /// <summary>"infinity", and of what is measured "not measured".</summary>
    public const ulong NoLimit = ulong.MaxValue;

    private const int InvocationBytes = 16;

    /// <summary>The unit's own name; the one it was asked for by may be an alias.</summary>
    public string Id { get; init; } = "";

    /// <summary>"loaded", "not-found", "masked", "bad-setting", "error".</summary>
    public string LoadState { get; init; } = "";

    public string ActiveState { get; init; } = "";

    /// <summary>The id of its last run, in hex as the journal writes it; "" before the first.</summary>
    public string Invocation { get; init; } = "";

    /// <summary>"enabled", "static", "disabled", "masked", "linked", …; "" where it has no file.</summary>
    public string UnitFileState { get; init; } = "";

    /// <summary>Whether its file has changed since systemd read it.</summary>
    public bool? NeedsReload { get; init; }

    public IReadOnlyList<string> BindsTo { get; init; } = [];

    public IReadOnlyList<string> After { get; init; } = [];

    public IReadOnlyList<UnitCondition> Conditions { get; init; } = [];

    public string Restart { get; init; } = "";

    /// <summary>The span in which systemd counts starts, to refuse the next above StartLimitBurst=; 0: it does not.</summary>
    public ulong? StartLimitIntervalUsec { get; init; }

    public string Slice { get; init; } = "";

    public int? OomScoreAdjust { get; init; }

    /// <summary>1 to 10,000; 0 for "idle"; <see cref="NoLimit"/> where it is not set.</summary>
    public ulong? CpuWeight { get; init; }

    /// <summary>Bytes.</summary>
    public ulong? MemoryMax { get; init; }

    public ulong? TimeoutStopUsec { get; init; }

    /// <summary>"control-group", "mixed", "process", "none" (systemd.kill(5)).</summary>
    public string KillMode { get; init; } = "";

    /// <summary>It has ExecStop= or ExecStopPost=, each of which may take TimeoutStopSec= again (systemd.service(5)).</summary>
    public bool HasStopCommands { get; init; }

    /// <summary>Bytes in use now.</summary>
    public ulong? MemoryCurrent { get; init; }

    /// <summary>Processor time since it was started, in nanoseconds.</summary>
    public ulong? CpuUsageNsec { get; init; }

    public IReadOnlyList<string> ReadWritePaths { get; init; } = [];

    /// <summary>
    /// Asks systemd and waits for the answers, each at most <paramref name="timeout"/>; null where it does not
    /// answer. A unit that does not exist has the LoadState "not-found".
    /// </summary>
    public static UnitSettings? Read(BusConnection bus, string unit, TimeSpan timeout)
    {
        UnitSettings read = new();
        foreach (string part in (string[])[SystemdNames.UnitInterface, SystemdNames.ServiceInterface])
        {
            using BusMessage call = bus.NewCall(SystemdNames.BusName, UnitPath.Of(unit), NodeContract.PropertiesInterface, "GetAll").WithoutAutoStart();
            call.WriteString(part);
            using BusReply reply = bus.Call(call, timeout);
            if (!reply.IsSuccess || !reply.Message.TryReadProperties((name, value) => TryTake(ref read, name, value)))
            {
                return null;
            }
        }

        return read;
    }

    private static bool TryTake(ref UnitSettings read, string name, BusMessage value)
    {
        UnitSettings before = read;
        UnitSettings? next = name switch
        {
            "Id" => Text(value, text => before with { Id = text }),
            "KillMode" => Text(value, text => before with { KillMode = text }),
            "ExecStop" or "ExecStopPost" => TryReadCommands(value, out int commands) ? before with { HasStopCommands = before.HasStopCommands || commands > 0 } : null,
            "LoadState" => Text(value, text => before with { LoadState = text }),
            "ActiveState" => Text(value, text => before with { ActiveState = text }),
            "InvocationID" => value.TryReadVariantBytes(InvocationBytes, out byte[]? id) ? before with { Invocation = Convert.ToHexStringLower(id) } : null,
            "UnitFileState" => Text(value, text => before with { UnitFileState = text }),
            "Restart" => Text(value, text => before with { Restart = text }),
            "Slice" => Text(value, text => before with { Slice = text }),
            "NeedDaemonReload" => value.TryReadVariantBool(out bool needed) ? before with { NeedsReload = needed } : null,
            "OOMScoreAdjust" => value.TryReadVariantInt32(out int score) ? before with { OomScoreAdjust = score } : null,
            "CPUWeight" => Number(value, number => before with { CpuWeight = number }),
            "MemoryMax" => Number(value, number => before with { MemoryMax = number }),
            "StartLimitIntervalUSec" => Number(value, number => before with { StartLimitIntervalUsec = number }),
            "TimeoutStopUSec" => Number(value, number => before with { TimeoutStopUsec = number }),
            "MemoryCurrent" => Number(value, number => before with { MemoryCurrent = number }),
            "CPUUsageNSec" => Number(value, number => before with { CpuUsageNsec = number }),
            "BindsTo" => List(value, list => before with { BindsTo = list }),
            "After" => List(value, list => before with { After = list }),
            "ReadWritePaths" => List(value, list => before with { ReadWritePaths = list }),
            "Conditions" => TryReadConditions(value, out List<UnitCondition> conditions) ? before with { Conditions = conditions } : null,
            _ => null,
        };
        read = next ?? before;
        return next is not null;
    }

    /// <summary>An a(sbbsi): the name, whether it triggers, whether it is negated, the parameter, how it came out.</summary>
    private static bool TryReadConditions(BusMessage value, out List<UnitCondition> conditions)
    {
        const string types = "sbbsi";
        conditions = [];
        if (!value.TryEnterVariant($"a({types})") || !value.TryEnterArray($"({types})"))
        {
            return false;
        }

        while (value.TryEnterStruct(types))
        {
            if (!value.TryReadString(out string? name) || !value.TrySkip("b") || !value.TryReadBool(out bool negated)
                || !value.TryReadString(out string? parameter) || !value.TrySkip("i") || !value.TryExit())
            {
                return false;
            }

            conditions.Add(new UnitCondition(name, negated, parameter));
        }

        return value.TryExit() && value.TryExit();
    }

    /// <summary>An a(sasbttttuii): a path, its arguments, and how the last run of it came out.</summary>
    private static bool TryReadCommands(BusMessage value, out int commands)
    {
        const string types = "sasbttttuii";
        commands = 0;
        if (!value.TryEnterVariant($"a({types})") || !value.TryEnterArray($"({types})"))
        {
            return false;
        }

        while (value.TryEnterStruct(types))
        {
            if (!value.TrySkip(types) || !value.TryExit())
            {
                return false;
            }

            commands++;
        }

        return value.TryExit() && value.TryExit();
    }

    private static UnitSettings? Text(BusMessage value, Func<string, UnitSettings> with) =>
        value.TryReadVariantString(out string? text) ? with(text) : null;

    private static UnitSettings? Number(BusMessage value, Func<ulong, UnitSettings> with) =>
        value.TryReadVariantUInt64(out ulong number) ? with(number) : null;

    private static UnitSettings? List(BusMessage value, Func<IReadOnlyList<string>, UnitSettings> with) =>
        value.TryReadVariantStringArray(out List<string>? list) ? with(list) : null;
}
