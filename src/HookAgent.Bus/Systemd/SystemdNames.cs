namespace HookAgent.Bus.Systemd;

/// <summary>Names of systemd's bus interface (org.freedesktop.systemd1(5)).</summary>
public static class SystemdNames
{
    public const string BusName = "org.freedesktop.systemd1";
    public const string ManagerPath = "/org/freedesktop/systemd1";
    public const string ManagerInterface = "org.freedesktop.systemd1.Manager";
    public const string UnitInterface = "org.freedesktop.systemd1.Unit";
    public const string ServiceInterface = "org.freedesktop.systemd1.Service";
    public const string ScopeInterface = "org.freedesktop.systemd1.Scope";
}

/// <summary>The errors that StartUnit and StopUnit are answered with, and that mean different things to an operator.</summary>
public static class SystemdErrors
{
    public const string NoSuchUnit = "org.freedesktop.systemd1.NoSuchUnit";

    /// <summary>The unit's file was not found, or is of no use, when systemd tried to load it.</summary>
    public const string LoadFailed = "org.freedesktop.systemd1.LoadFailed";

    public const string BadUnitSetting = "org.freedesktop.systemd1.BadUnitSetting";
    public const string UnitMasked = "org.freedesktop.systemd1.UnitMasked";

    /// <summary>A job of another is in the way that systemd will not replace: the node is shutting down, or the like.</summary>
    public const string TransactionIsDestructive = "org.freedesktop.systemd1.TransactionIsDestructive";

    public const string TransactionJobsConflicting = "org.freedesktop.systemd1.TransactionJobsConflicting";

    /// <summary>The unit refuses to be started or stopped by hand.</summary>
    public const string OnlyByDependency = "org.freedesktop.systemd1.OnlyByDependency";

    public const string ShuttingDown = "org.freedesktop.systemd1.ShuttingDown";

    /// <summary>KillUnit: the unit has no such process to signal.</summary>
    public const string NoSuchProcess = "org.freedesktop.systemd1.NoSuchProcess";
}
