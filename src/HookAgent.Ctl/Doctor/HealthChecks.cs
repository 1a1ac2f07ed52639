using System.Globalization;
using HookAgent.Bus.Systemd;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Whether the site's HealthCheckProgram= takes a lent node for a broken one: an idle node whose memory, processors and
/// processes are the lent unit's. The rules of LBNL's Node Health Check are known, as its own sources state them (1.4, 1.5).
/// </summary>
internal static class HealthChecks
{
    private const string Rules = "/etc/nhc/nhc.conf";
    private const string Advice = "see DRAINED NODES in hookagentd(8)";

    /// <summary>HealthCheckNodeState= where an idle node is checked (slurm.conf(5)).</summary>
    private static readonly string[] WithIdle = ["ANY", "IDLE", "NONDRAINED_IDLE", "CYCLE", "START_ONLY"];

    public static Finding Of(NodeFacts facts, SlurmConf conf, UnitSettings unit)
    {
        const string check = "health-check";
        if (conf.Last("HealthCheckProgram") is not { } program || conf.Last("HealthCheckInterval")?.Value is null or "0")
        {
            return Finding.Ok(check, "Slurm runs no HealthCheckProgram=");
        }

        string states = Terminal.Printable(conf.Last("HealthCheckNodeState")?.Value ?? "ANY");
        string name = $"{Terminal.Printable(program.Value)} ({program.Place}, HealthCheckNodeState={states})";
        if (!states.Split(',').Any(static state => WithIdle.Contains(state, StringComparer.OrdinalIgnoreCase)))
        {
            return Finding.Ok(check, $"{name} does not look at idle nodes, and only such are lent");
        }

        if (!Path.GetFileName(program.Value).StartsWith("nhc", StringComparison.Ordinal) || facts.SlurmRoot.TryReadText(Rules, out _) is not { } rules)
        {
            return Finding.Ok(check, $"{name} looks at lent nodes too, by rules that are not known here");
        }

        foreach (string line in rules.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '|'], StringSplitOptions.RemoveEmptyEntries);
            int rule = Array.FindIndex(words, static word => word.StartsWith("check_", StringComparison.Ordinal));
            if (rule >= 0 && Trips(facts, unit, words[rule], words[(rule + 1)..], rules) is var (why, fix))
            {
                return Finding.Warning(check, $"{name} has {Terminal.Printable(string.Join(' ', words[rule..]))} ({Rules}), {why}: it drains the node because it is lent", fix);
            }
        }

        return Finding.Ok(check, $"{name} has no rule in {Rules} that the lent unit would break");
    }

    /// <summary>Why a rule fails beside the lent unit, and what helps; null where it does not, or is not known.</summary>
    private static (string Why, string Fix)? Trips(NodeFacts facts, UnitSettings unit, string rule, string[] words, string rules)
    {
        switch (rule)
        {
            case "check_hw_physmem_free" or "check_hw_mem_free":
                if (words is not [var wanted, ..] || Mebibytes(wanted) is not { } free || unit.MemoryMax is not { } max || (NodeMemory.Idle(facts, unit) ?? NodeMemory.Total(facts.Root)) is not { } idle)
                {
                    return null;
                }

                ulong idleMebibytes = idle / NodeMemory.Mebibyte;
                return max != UnitSettings.NoLimit && idleMebibytes >= free + (max / NodeMemory.Mebibyte) ? null
                    : ("and the lent unit may leave less free", idleMebibytes > free ? Fixes.Edit(facts.Unit, "Service", [$"MemoryMax={idleMebibytes - free}M"]) : $"ask for less than {idleMebibytes}M there");
            case "check_ps_loadavg":
                return words is [var load, ..] && double.TryParse(load, NumberStyles.Float, CultureInfo.InvariantCulture, out double limit) && limit <= Processors(facts.Root)
                    ? ($"and the lent unit may keep all {Processors(facts.Root)} processors busy", $"ask there for more than {Processors(facts.Root)}, or leave hookagent.slice out: {Advice}")
                    : null;
            case "check_ps_unauth_users" or "check_ps_userproc_lineage":
                return IsForeign(facts, unit, words, rules, isAll: false)
                    ? ($"and {User(unit)} has no job", $"add to {Rules}, before it:  * || export NHC_AUTH_USERS=\"$NHC_AUTH_USERS {User(unit)}\"")
                    : null;
            case "check_ps_cpu" or "check_ps_mem" or "check_ps_physmem":
                return IsForeign(facts, unit, words, rules, isAll: words.Contains("-A")) && !words.Contains("-u")
                    ? ($"which {User(unit)} may exceed", $"leave {User(unit)} out there:  {rule} -u '!{User(unit)}' {string.Join(' ', words)}")
                    : null;
            default:
                return null;
        }
    }

    /// <summary>Whether a rule looks at the processes of the unit's user: those of users of the system are passed over.</summary>
    private static bool IsForeign(NodeFacts facts, UnitSettings unit, string[] words, string rules, bool isAll) =>
        (isAll || !IsOfSystem(facts.Root, unit))
        && !words.Contains(User(unit))
        && !rules.Split('\n').Any(line => line.Contains("NHC_AUTH_USERS", StringComparison.Ordinal) && line.Contains(User(unit), StringComparison.Ordinal));

    /// <summary>Below UID_MIN of login.defs(5).</summary>
    private static bool IsOfSystem(SystemRoot root, UnitSettings unit)
    {
        const uint usual = 1000;
        string? defined = root.TryReadText("/etc/login.defs", out _)?.Split('\n').FirstOrDefault(static line => line.StartsWith("UID_MIN", StringComparison.Ordinal));
        uint least = uint.TryParse(defined?["UID_MIN".Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint told) ? told : usual;
        string? id = User(unit) == "root" ? "0" : root.TryReadText("/etc/passwd", out _)?.Split('\n').Select(static line => line.Split(':')).FirstOrDefault(parts => parts[0] == User(unit))?.ElementAtOrDefault(2);
        return uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) && uid < least;
    }

    /// <summary>One that DynamicUser= makes has the unit's name.</summary>
    private static string User(UnitSettings unit) => unit.User.Length > 0 ? unit.User : unit.HasDynamicUser == true ? unit.Id.Split('.')[0] : "root";

    private static int Processors(SystemRoot root) =>
        root.TryReadText("/proc/stat", out _)?.Split('\n').Count(static line => line.StartsWith("cpu", StringComparison.Ordinal) && !line.StartsWith("cpu ", StringComparison.Ordinal)) is > 0 and var count
            ? count
            : Environment.ProcessorCount;

    /// <summary>A size as NHC writes it: "512", in KiB, "4GB", "1.5g". Null for a share in percent.</summary>
    private static ulong? Mebibytes(string size)
    {
        string text = size.ToUpperInvariant().TrimEnd('B', 'I');
        double kibibytes = text.Length == 0 ? 0 : text[^1] switch { 'M' => 1 << 10, 'G' => 1 << 20, 'T' => 1 << 30, _ => 1 };
        return double.TryParse(text.TrimEnd('K', 'M', 'G', 'T'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0
            ? (ulong)(number * kibibytes / 1024)
            : null;
    }
}
