using System.Runtime.CompilerServices;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

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

    /// <summary>The path of its unit file; "" where it has none.</summary>
    public string FragmentPath { get; init; } = "";

    /// <summary>The loaded sockets, timers, paths and automounts that start it.</summary>
    public IReadOnlyList<string> TriggeredBy { get; init; } = [];

    /// <summary>The loaded units that start it again whenever it is off (Upholds=, systemd 249).</summary>
    public IReadOnlyList<string> UpheldBy { get; init; } = [];

    /// <summary>The loaded units that systemd stops with it (their Requires=, Requisite=, BindsTo= or PartOf=).</summary>
    public IReadOnlyList<string> StoppedWith { get; init; } = [];

    /// <summary>The units that a start of it starts as well (Wants=, Requires=, BindsTo=).</summary>
    public IReadOnlyList<string> StartedWith { get; init; } = [];

    /// <summary>The units that a start of it stops.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Whether "systemctl isolate" leaves it alone (systemd.unit(5)).</summary>
    public bool? IgnoresIsolate { get; init; }

    /// <summary>RefuseManualStart= and RefuseManualStop= (systemd.unit(5)).</summary>
    public bool? RefusesStart { get; init; }

    public bool? RefusesStop { get; init; }

    public IReadOnlyList<string> Requires { get; init; } = [];

    public IReadOnlyList<string> BindsTo { get; init; } = [];

    public IReadOnlyList<string> After { get; init; } = [];

    public IReadOnlyList<UnitCondition> Conditions { get; init; } = [];

    /// <summary>"simple", "exec", "forking", "oneshot", "notify", …; "" for what is no service.</summary>
    public string Type { get; init; } = "";

    /// <summary>Whether it counts as active when its processes have ended.</summary>
    public bool? RemainsAfterExit { get; init; }

    /// <summary>Where its processes are, below the mount point of the control groups; "" where it has none.</summary>
    public string ControlGroup { get; init; } = "";

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

    /// <summary>Whether it has an ExecCondition=; null for a systemd below 243, which has none and passes over one in a file.</summary>
    public bool? HasExecCondition { get; init; }

    /// <summary>The programs of its ExecCondition=, but for those whose failure is ignored ("-").</summary>
    public IReadOnlyList<string> ExecConditionPrograms { get; init; } = [];

    /// <summary>Its file and its drop-ins, in the order in which systemd reads them.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>User=; "" for root's, or one that DynamicUser= makes.</summary>
    public string User { get; init; } = "";

    public bool? HasDynamicUser { get; init; }

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
        BusAnswer<Dictionary<string, VariantValue>> general = GetAll(SystemdNames.UnitInterface);
        if (!general.IsSuccess)
        {
            return null;
        }

        // systemd answers that a target or a slice has no such interface.
        BusProperties properties = new(general.Value);
        return properties.Text("Id")?.EndsWith(".service", StringComparison.Ordinal) == false ? Of(properties, new BusProperties(new Dictionary<string, VariantValue>()))
            : GetAll(SystemdNames.ServiceInterface) is { IsSuccess: true } service ? Of(properties, new BusProperties(service.Value))
            : null;

        BusAnswer<Dictionary<string, VariantValue>> GetAll(string part) => bus.Call<Dictionary<string, VariantValue>>(
            BusCall.WithText(SystemdNames.BusName, Systemd.UnitPath.Of(unit), NodeContract.PropertiesInterface, "GetAll", part),
            timeout,
            BodyReaders.Properties);
    }

    private static UnitSettings Of(BusProperties unit, BusProperties service) => new()
    {
        Id = unit.Text("Id") ?? "",
        LoadState = unit.Text("LoadState") ?? "",
        ActiveState = unit.Text("ActiveState") ?? "",
        Invocation = unit.Bytes("InvocationID") is { Length: InvocationBytes } id ? Convert.ToHexStringLower(id) : "",
        UnitFileState = unit.Text("UnitFileState") ?? "",
        NeedsReload = unit.Flag("NeedDaemonReload"),
        FragmentPath = unit.Text("FragmentPath") ?? "",
        TriggeredBy = unit.Texts("TriggeredBy") ?? [],
        UpheldBy = unit.Texts("UpheldBy") ?? [],
        StoppedWith = AllOf(unit, "RequiredBy", "RequisiteOf", "BoundBy", "ConsistsOf"),
        StartedWith = AllOf(unit, "Wants", "Requires", "BindsTo"),
        Conflicts = unit.Texts("Conflicts") ?? [],
        Before = unit.Texts("Before") ?? [],
        IgnoresIsolate = unit.Flag("IgnoreOnIsolate"),
        RefusesStart = unit.Flag("RefuseManualStart"),
        RefusesStop = unit.Flag("RefuseManualStop"),
        Requires = unit.Texts("Requires") ?? [],
        BindsTo = unit.Texts("BindsTo") ?? [],
        After = unit.Texts("After") ?? [],
        Conditions = ReadConditions(unit),
        StartLimitIntervalUsec = unit.Number("StartLimitIntervalUSec"),
        Type = service.Text("Type") ?? "",
        RemainsAfterExit = service.Flag("RemainAfterExit"),
        ControlGroup = service.Text("ControlGroup") ?? "",
        Restart = service.Text("Restart") ?? "",
        Slice = service.Text("Slice") ?? "",
        OomScoreAdjust = service.SmallNumber("OOMScoreAdjust"),
        CpuWeight = service.Number("CPUWeight"),
        MemoryMax = service.Number("MemoryMax"),
        TimeoutStopUsec = service.Number("TimeoutStopUSec"),
        KillMode = service.Text("KillMode") ?? "",
        HasStopCommands = service.HasAny("ExecStop") || service.HasAny("ExecStopPost"),
        HasExecCondition = service.Has("ExecCondition") ? service.HasAny("ExecCondition") : null,
        ExecConditionPrograms = ReadPrograms(service, "ExecCondition"),
        Files = [.. unit.Text("FragmentPath") is { Length: > 0 } file ? (string[])[file] : [], .. unit.Texts("DropInPaths") ?? []],
        User = service.Text("User") ?? "",
        HasDynamicUser = service.Flag("DynamicUser"),
        MemoryCurrent = service.Number("MemoryCurrent"),
        CpuUsageNsec = service.Number("CPUUsageNSec"),
        ReadWritePaths = service.Texts("ReadWritePaths") ?? [],
    };

    /// <summary>Nobody compares or prints them; what the compiler would write for that is a hundredth of hookctl.</summary>
    public bool Equals(UnitSettings? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public override string ToString() => Id;

    private static string[] AllOf(BusProperties unit, params string[] lists) => [.. lists.SelectMany(list => unit.Texts(list) ?? []).Distinct()];

    /// <summary>Of an a(sasbttttuii) the programs: path, arguments, whether a failure is ignored, four times, process, code and status.</summary>
    private static string[] ReadPrograms(BusProperties service, string name) => service.Structures(
        name,
        VariantValueType.String, VariantValueType.Array, VariantValueType.Bool,
        VariantValueType.UInt64, VariantValueType.UInt64, VariantValueType.UInt64, VariantValueType.UInt64,
        VariantValueType.UInt32, VariantValueType.Int32, VariantValueType.Int32)?
        .Where(static command => !command.GetItem(2).GetBool())
        .Select(static command => command.GetItem(0).GetString())
        .ToArray() ?? [];

    /// <summary>An a(sbbsi): the name, whether it triggers, whether it is negated, the parameter, how it came out.</summary>
    private static UnitCondition[] ReadConditions(BusProperties unit) => unit.Structures(
        "Conditions", VariantValueType.String, VariantValueType.Bool, VariantValueType.Bool, VariantValueType.String, VariantValueType.Int32)?
        .Select(condition => new UnitCondition(condition.GetItem(0).GetString(), condition.GetItem(2).GetBool(), condition.GetItem(3).GetString()))
        .ToArray() ?? [];
}
