using System.Globalization;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>What keeps the provider out of a job's way while the two overlap, and out of a health check's.</summary>
internal static class UnitLimitsCheck
{
    private const ulong Mebibyte = 1024 * 1024;

    /// <summary>What the daemon needs after StopGrace=: the second SIGTERM, SIGKILL 2 s later, and their margin (hookagent.conf(5)).</summary>
    private static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(4);

    public static IEnumerable<Finding> Of(NodeFacts facts) => facts.Provider is { LoadState: "loaded" } unit
        ? [OfStop(facts, unit), OfStopCommands(facts.Unit, unit), OfKillMode(facts.Unit, unit), OfOom(facts.Unit, unit), OfCpu(facts.Unit, unit), OfMemory(facts, unit)]
        : [];

    private static Finding OfStop(NodeFacts facts, UnitSettings unit)
    {
        const string check = "unit-stop-timeout";
        TimeSpan wanted = facts.Set.StopGrace + AfterGrace;
        string grace = $"StopGrace={TimeSpanText.Format(facts.Set.StopGrace)}";
        string mend = $"systemctl edit {facts.Unit}, with  [Service] TimeoutStopSec={TimeSpanText.Format(wanted)}";
        return unit.TimeoutStopUsec switch
        {
            null => Finding.Unseen(check, "systemd does not tell"),
            UnitSettings.NoLimit => Finding.Warning(check, "TimeoutStopSec=infinity: without hookagentd a provider that does not stop is never killed", mend),
            ulong usec when TimeSpan.FromMicroseconds(usec) < facts.Set.StopGrace =>
                Finding.Fault(check, $"TimeoutStopSec={TimeSpanText.Format(TimeSpan.FromMicroseconds(usec))} is less than {grace}: systemd kills the provider before it has used its grace", mend),
            ulong usec when TimeSpan.FromMicroseconds(usec) < wanted =>
                Finding.Warning(check, $"TimeoutStopSec={TimeSpanText.Format(TimeSpan.FromMicroseconds(usec))} is less than {grace} and 4 s: systemd and hookagentd get into each other's way", mend),
            ulong usec => Finding.Ok(check, $"TimeoutStopSec={TimeSpanText.Format(TimeSpan.FromMicroseconds(usec))}, {grace}"),
        };
    }

    private static Finding OfStopCommands(string name, UnitSettings unit)
    {
        const string check = "unit-stop-commands";
        return unit.HasStopCommands
            ? Finding.Fault(
                check,
                "it has ExecStop= or ExecStopPost=, and systemd grants each of them TimeoutStopSec= again: without hookagentd it may run beside a job for several times as long",
                $"systemctl edit {name}, with  [Service] ExecStop= ExecStopPost=  (each on a line of its own), if it stops on SIGTERM")
            : Finding.Ok(check, "it has no ExecStop= or ExecStopPost= that could hold its stop up");
    }

    private static Finding OfKillMode(string name, UnitSettings unit)
    {
        const string check = "unit-kill-mode";
        return unit.KillMode switch
        {
            "" => Finding.Unseen(check, "systemd does not tell"),
            "control-group" or "mixed" => Finding.Ok(check, $"KillMode={unit.KillMode}: its children stop with it"),
            string mode => Finding.Warning(check, $"KillMode={mode}: its children outlive it, and hookagentd kills them half a second later", $"systemctl edit {name}, with  [Service] KillMode=control-group"),
        };
    }

    private static Finding OfOom(string name, UnitSettings unit)
    {
        const string check = "unit-oom";
        return unit.OomScoreAdjust switch
        {
            null => Finding.Unseen(check, "systemd does not tell"),
            > 0 and int score => Finding.Ok(check, $"OOMScoreAdjust={score.ToString(CultureInfo.InvariantCulture)}: it goes before a job when memory runs out"),
            int score => Finding.Warning(check, $"OOMScoreAdjust={score.ToString(CultureInfo.InvariantCulture)}: a job may be killed in its place when memory runs out", $"systemctl edit {name}, with  [Service] OOMScoreAdjust=1000"),
        };
    }

    private static Finding OfCpu(string name, UnitSettings unit)
    {
        const string check = "unit-cpu-weight";
        string mend = $"systemctl edit {name}, with  [Service] CPUWeight=idle Slice=hookagent.slice";
        return unit.CpuWeight switch
        {
            null => Finding.Unseen(check, "systemd does not tell"),
            0 when unit.Slice == "system.slice" => Finding.Warning(check, "CPUWeight=idle counts among the services of system.slice alone, and not against a job", mend),
            0 => Finding.Ok(check, $"CPUWeight=idle, in {unit.Slice}"),
            UnitSettings.NoLimit => Finding.Warning(check, "there is no CPUWeight=: a job shares the processors with it while it stops", mend),
            ulong weight => Finding.Warning(check, $"CPUWeight={weight.ToString(CultureInfo.InvariantCulture)} and not idle: a job shares the processors with it while it stops", mend),
        };
    }

    /// <summary>A provider that may use so much memory that less than RealMemory is left makes an idle node look broken to health checks.</summary>
    private static Finding OfMemory(NodeFacts facts, UnitSettings unit)
    {
        const string check = "unit-memory";
        if (unit.MemoryMax is not { } max || Total(facts.Root) is not { } total)
        {
            return Finding.Unseen(check, "systemd or /proc/meminfo does not tell");
        }

        if (max == UnitSettings.NoLimit)
        {
            return Finding.Warning(check, "there is no MemoryMax=: the provider may take all of the node's memory", $"systemctl edit {facts.Unit}, with  [Service] MemoryMax=25%");
        }

        if (facts.Conf is not { Problem: null } conf || NodeMemory.Of(conf, Names(facts)) is not var (real, place))
        {
            return Finding.Ok(check, $"MemoryMax={Written(max / Mebibyte)}; slurm.conf has no RealMemory= of this node to hold it against");
        }

        ulong left = max < total ? (total - max) / Mebibyte : 0;
        return left >= real
            ? Finding.Ok(check, $"MemoryMax={Written(max / Mebibyte)} leaves a node {Written(left)}, and slurm.conf promises RealMemory={real} ({place})")
            : Finding.Warning(
                check,
                $"MemoryMax={Written(max / Mebibyte)} of {Written(total / Mebibyte)} leaves less than RealMemory={real} ({place}): a health check that asks for it drains an idle node",
                total / Mebibyte > real
                    ? $"systemctl edit {facts.Unit}, with  [Service] MemoryMax={Written((total / Mebibyte) - real)}; nothing to do where no health check asks"
                    : $"lower RealMemory= to less than {Written(total / Mebibyte)}; nothing to do where no health check asks");
    }

    private static IReadOnlyList<string> Names(NodeFacts facts) =>
        facts.Slurmd.NodeNames.Count > 0 ? facts.Slurmd.NodeNames : [Environment.MachineName.Split('.')[0]];

    /// <summary>MemTotal of proc_meminfo(5), in bytes.</summary>
    private static ulong? Total(SystemRoot root)
    {
        string? line = root.TryReadText("/proc/meminfo", out _)?.Split('\n').FirstOrDefault(static line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        return ulong.TryParse(
            line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong kibibytes)
            ? kibibytes * 1024
            : null;
    }

    private static string Written(ulong value) => value.ToString(CultureInfo.InvariantCulture) + "M";
}
