using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Doctor;

namespace HookAgent.Ctl.Adopt;

/// <summary>
/// The drop-in that makes a unit safe to lend, which is also where hookctl keeps what --undo puts back. Its settings are
/// those of wasimoff-provider.service, as far as they hold for any service, and what undoes settings of the unit's own that
/// would keep it running beside a job or from being started again.
/// </summary>
internal static class AdoptDropIn
{
    private const string Head = "# Written by 'hookctl adopt";
    private const string LinkMark = "# Enabled by: ";
    private const string MemoryLimit = "MemoryMax=25%\n";

    public static string FolderOf(string unit) => $"{UnitLink.Folder}/{unit}.d";

    /// <summary>An administrator's own drop-ins are named override.conf by "systemctl edit", and win.</summary>
    public static string PathOf(string unit) => $"{FolderOf(unit)}/50-hookagent.conf";

    public static bool IsOurs(string text) => text.StartsWith(Head, StringComparison.Ordinal);

    /// <summary>The links that enabled the unit when it was adopted.</summary>
    public static IReadOnlyList<UnitLink> LinksOf(string text) =>
    [
        .. text.Split('\n').Where(static line => line.StartsWith(LinkMark, StringComparison.Ordinal))
            .Select(static line => UnitLink.Parse(line[LinkMark.Length..])).OfType<UnitLink>(),
    ];

    /// <summary>
    /// The text of the drop-in. What an earlier one of ours has noted stays noted, and a limit of the unit's own is not
    /// raised.
    /// </summary>
    public static string Of(AdoptFacts facts)
    {
        UnitLink[] links = [.. LinksOf(facts.DropIn ?? "").Concat(facts.Links).DistinctBy(static link => link.Path)];
        bool isUnlimited = facts.Unit?.MemoryMax is null or UnitSettings.NoLimit || facts.DropIn?.Contains(MemoryLimit, StringComparison.Ordinal) is true;
        return $"""
            {Head} {facts.Name}',
            # so that hookagentd can lend the node to this unit.
            # This removes the file and puts back the links that are named here:
            #   hookctl adopt --undo {facts.Name}
            # A setting that should be another goes into a drop-in of a later name:
            #   systemctl edit {facts.Name}
            {string.Concat(links.Select(static link => $"{LinkMark}{link}\n"))}
            [Unit]
            # No agent, no provider; never beside a recorded job; never but by
            # hookagentd.
            BindsTo={NodeFacts.AgentUnit}
            After={NodeFacts.AgentUnit}
            ConditionPathExists={NodeFacts.RunDirectory}/permit/%n
            ConditionPathIsDirectory={NodeFacts.RunDirectory}/jobs
            ConditionDirectoryNotEmpty=!{NodeFacts.RunDirectory}/jobs
            IgnoreOnIsolate=yes
            StopWhenUnneeded=no
            StartLimitIntervalSec=0
            FailureAction=none
            SuccessAction=none

            [Service]
            Restart=no
            RestartForceExitStatus=
            # A stop is SIGTERM to all of its processes, then SIGKILL. Each command
            # would have TimeoutStopSec= again.
            ExecStop=
            ExecStopPost=
            KillMode=control-group
            SendSIGKILL=yes
            FinalKillSignal=SIGKILL
            TimeoutStopFailureMode=terminate
            # StopGrace= and what hookagentd needs after it.
            TimeoutStopSec={TimeSpanText.Format(facts.Set.StopGrace + UnitChecks.AfterGrace)}
            LimitCORE=0

            # A job outranks it in everything.
            Slice=hookagent.slice
            # systemd before 252 knows no "idle".
            CPUWeight=1
            CPUWeight=idle
            CPUSchedulingPolicy=other
            Nice=19
            IOSchedulingClass=idle
            IOWeight=1
            {(isUnlimited ? MemoryLimit : "")}MemoryMin=0
            MemoryLow=0
            MemorySwapMax=0
            TasksMax=25%
            OOMPolicy=kill
            OOMScoreAdjust=1000
            # It may not tune the node's kernel for itself. With User=, this implies
            # NoNewPrivileges=yes.
            ProtectKernelTunables=yes

            """;
    }
}
