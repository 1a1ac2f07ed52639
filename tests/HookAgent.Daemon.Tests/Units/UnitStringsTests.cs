using HookAgent.Bus.Systemd;
using HookAgent.Core.Node;
using HookAgent.Daemon.Units;

namespace HookAgent.Daemon.Tests.Units;

public sealed class UnitStringsTests
{
    [Theory]
    [InlineData("loaded", "inactive", 0, "", UnitLoadState.Loaded, UnitActiveState.Inactive, UnitJobType.None)]
    [InlineData("not-found", "inactive", 0, "", UnitLoadState.NotFound, UnitActiveState.Inactive, UnitJobType.None)]
    [InlineData("masked", "active", 7, "stop", UnitLoadState.Masked, UnitActiveState.Active, UnitJobType.Stop)]
    [InlineData("bad-setting", "failed", 7, "start", UnitLoadState.Unusable, UnitActiveState.Failed, UnitJobType.Start)]
    [InlineData("error", "activating", 7, "try-restart", UnitLoadState.Unusable, UnitActiveState.Activating, UnitJobType.Restart)]
    [InlineData("loaded", "deactivating", 7, "verify-active", UnitLoadState.Loaded, UnitActiveState.Deactivating, UnitJobType.Other)]
    [InlineData("loaded", "refreshing", 7, "restart", UnitLoadState.Loaded, UnitActiveState.Other, UnitJobType.Restart)]
    public void A_row_becomes_a_view(string load, string active, uint job, string type, UnitLoadState loadState, UnitActiveState activeState, UnitJobType jobType) =>
        Assert.Equal(
            new UnitReading(loadState, activeState, jobType, job == 0 ? "" : "/job/7"),
            UnitStrings.View(new UnitListEntry("a.service", load, active, "sub", "/unit", job, type, job == 0 ? "/" : "/job/7")));

    [Theory]
    [InlineData("active", "", true, true)]
    [InlineData("reloading", "", true, true)]
    [InlineData("activating", "start", false, true)]
    [InlineData("activating", "", false, false)]
    [InlineData("deactivating", "restart", true, true)]
    [InlineData("inactive", "restart", true, true)]
    [InlineData("inactive", "start", false, true)]
    [InlineData("inactive", "", false, false)]
    [InlineData("deactivating", "stop", false, false)]
    [InlineData("failed", "", false, false)]
    public void A_required_unit_that_is_restarted_is_up_and_one_that_is_started_is_not_yet(string active, string job, bool up, bool ifItWas)
    {
        UnitListEntry row = new("slurmd.service", "loaded", active, "", "/unit", 0, job, "/");
        Assert.Equal(up, UnitStrings.IsUp(row, wasUp: false));
        Assert.Equal(ifItWas, UnitStrings.IsUp(row, wasUp: true));
    }

    [Theory]
    [InlineData("done", UnitJobResult.Done)]
    [InlineData("canceled", UnitJobResult.Canceled)]
    [InlineData("timeout", UnitJobResult.Timeout)]
    [InlineData("failed", UnitJobResult.Failed)]
    [InlineData("dependency", UnitJobResult.Dependency)]
    [InlineData("skipped", UnitJobResult.Skipped)]
    [InlineData("frozen", UnitJobResult.Other)]
    public void Results_of_jobs(string word, UnitJobResult result) => Assert.Equal(result, UnitStrings.Result(word));

    [Theory]
    [InlineData("org.freedesktop.systemd1.NoSuchUnit", UnitRefusal.NoSuchUnit)]
    [InlineData("org.freedesktop.systemd1.UnitMasked", UnitRefusal.Masked)]
    [InlineData("org.freedesktop.systemd1.LoadFailed", UnitRefusal.BadSetting)]
    [InlineData("org.freedesktop.systemd1.BadUnitSetting", UnitRefusal.BadSetting)]
    [InlineData("org.freedesktop.systemd1.TransactionIsDestructive", UnitRefusal.TransactionConflict)]
    [InlineData("org.freedesktop.systemd1.ShuttingDown", UnitRefusal.TransactionConflict)]
    [InlineData("org.freedesktop.DBus.Error.NoReply", UnitRefusal.Other)]
    public void Refusals(string error, UnitRefusal refusal) => Assert.Equal(refusal, UnitStrings.Refusal(error));

    [Theory]
    [InlineData(1, 3, "exit-code", "exit status 3, result exit-code")]
    [InlineData(2, 9, "signal", "signal 9, result signal")]
    [InlineData(3, 6, "core-dump", "signal 6, result core-dump")]
    [InlineData(0, 0, "resources", "result resources")]
    public void Endings(int code, int status, string result, string words) =>
        Assert.Equal(words, UnitStrings.Ending(new ServiceExit(result, code, status)));
}
