using System.Globalization;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Node;

namespace HookAgent.Daemon.Units;

/// <summary>
/// systemd's words (org.freedesktop.systemd1(5), systemd 252 to 257) in the machine's terms. A word that a
/// later systemd adds becomes the most careful of them.
/// </summary>
internal static class UnitStrings
{
    public static UnitReading View(UnitListEntry row) => new(
        row.LoadState switch
        {
            "loaded" => UnitLoadState.Loaded,
            "not-found" => UnitLoadState.NotFound,
            "masked" => UnitLoadState.Masked,
            _ => UnitLoadState.Unusable,
        },
        row.ActiveState switch
        {
            "inactive" => UnitActiveState.Inactive,
            "failed" => UnitActiveState.Failed,
            "activating" => UnitActiveState.Activating,
            "active" => UnitActiveState.Active,
            "deactivating" => UnitActiveState.Deactivating,
            _ => UnitActiveState.Other,
        },
        row.JobType switch
        {
            "" => UnitJobType.None,
            "start" => UnitJobType.Start,
            "stop" => UnitJobType.Stop,
            "restart" or "try-restart" => UnitJobType.Restart,
            _ => UnitJobType.Other,
        },
        row.JobId == 0 ? "" : row.JobPath);

    public static bool IsInactive(UnitListEntry row) => row.ActiveState is "inactive" or "failed";

    /// <summary>
    /// A required unit that is being restarted is in nobody's hands: it counts as up. Once its old process is gone systemd has
    /// only the start left, as for a unit that the boot has yet to start: <paramref name="wasUp"/> tells them apart.
    /// </summary>
    public static bool IsUp(UnitListEntry row, bool wasUp) =>
        row.ActiveState is "active" or "reloading" or "refreshing" || row.JobType is "restart" || (wasUp && row.JobType is "start");

    public static UnitJobResult Result(string word) => word switch
    {
        "done" => UnitJobResult.Done,
        "canceled" => UnitJobResult.Canceled,
        "timeout" => UnitJobResult.Timeout,
        "failed" => UnitJobResult.Failed,
        "dependency" => UnitJobResult.Dependency,
        "skipped" => UnitJobResult.Skipped,
        _ => UnitJobResult.Other,
    };

    public static UnitRefusal Refusal(string errorName) => errorName switch
    {
        SystemdErrors.NoSuchUnit => UnitRefusal.NoSuchUnit,
        SystemdErrors.UnitMasked => UnitRefusal.Masked,
        SystemdErrors.BadUnitSetting or SystemdErrors.LoadFailed => UnitRefusal.BadSetting,
        SystemdErrors.TransactionIsDestructive or SystemdErrors.TransactionJobsConflicting
            or SystemdErrors.ShuttingDown => UnitRefusal.TransactionConflict,
        _ => UnitRefusal.Other,
    };

    /// <summary>How a service's main process ended, with systemd's word for the whole (CLD_ codes of waitid(2)).</summary>
    public static string Ending(ServiceExit exit)
    {
        const int exited = 1;
        const int killed = 2;
        const int dumped = 3;
        return exit.MainCode switch
        {
            exited => string.Create(CultureInfo.InvariantCulture, $"exit status {exit.MainStatus}, result {exit.Result}"),
            killed or dumped => string.Create(CultureInfo.InvariantCulture, $"signal {exit.MainStatus}, result {exit.Result}"),
            _ => $"result {exit.Result}",
        };
    }

    /// <summary>systemd's word for an active state, for the status.</summary>
    public static string Word(UnitActiveState state) => state switch
    {
        UnitActiveState.Inactive => "inactive",
        UnitActiveState.Failed => "failed",
        UnitActiveState.Activating => "activating",
        UnitActiveState.Active => "active",
        UnitActiveState.Deactivating => "deactivating",
        UnitActiveState.Other => "reloading",
    };
}
