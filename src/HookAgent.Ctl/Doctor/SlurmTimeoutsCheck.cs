using System.Globalization;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>Slurm's own patience with a Prolog, against how long the hook may keep it.</summary>
internal static class SlurmTimeoutsCheck
{
    /// <summary>Between the hook's deadline and Slurm's: the start and the end of a process on a busy node.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>When slurmd logs "Prolog hung" (src/slurmd/slurmd/req.c).</summary>
    private static readonly TimeSpan HungAfter = TimeSpan.FromSeconds(8);

    /// <summary>BatchStartTimeout= where slurm.conf does not say (slurm.conf(5)).</summary>
    private const ulong BatchStartDefault = 10;

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        if (facts.Conf is not { Problem: null } conf)
        {
            yield break;
        }

        yield return OfKill(conf, facts.LongestProlog, facts.Set);
        yield return OfBatchStart(conf, facts.LongestProlog);
        yield return facts.LongestProlog >= HungAfter
            ? Finding.Warning("prolog-time", $"a Prolog may take {Written(facts.LongestProlog)} (Timeout= and PrologWait=); from 8 s on slurmd logs 'Prolog hung', which is harmless", "lower PrologWait= in hookagent.conf, or let those who read slurmd's log know")
            : Finding.Ok("prolog-time", $"a Prolog takes {Written(facts.LongestProlog)} at most");
    }

    private static Finding OfKill(SlurmConf conf, TimeSpan prolog, AgentSettings set)
    {
        const string check = "prolog-epilog-timeout";
        Limit? tightest = null;
        foreach (Limit? limit in (Limit?[])[OfKey(conf, "PrologTimeout", prolog), OfKey(conf, "EpilogTimeout", set.HookTimeout)])
        {
            if (limit is not null && limit.Span < limit.Hook + Margin)
            {
                SlurmLine line = limit.Line;
                return Finding.Fault(
                    check,
                    $"{line.Key}={Terminal.Plain(line.Value)} ({line.Place}): slurmd kills a hook that takes its {Written(limit.Hook)} (Timeout= and PrologWait=), and drains the node",
                    $"write there, then 'scontrol reconfigure':  {line.Key}={WholeSeconds(limit.Hook + Margin)}");
            }

            tightest = limit is not null && (tightest is null || limit.Span < tightest.Span) ? limit : tightest;
        }

        return tightest is null
            ? Finding.Ok(check, "is not set: Slurm waits for a Prolog without end")
            : Finding.Ok(check, $"{WholeSeconds(tightest.Span)} s ({tightest.Line.Place}), and a hook takes {Written(tightest.Hook)} at most");
    }

    /// <param name="Span">When Slurm kills the script.</param>
    /// <param name="Hook">How long the hook may take.</param>
    private sealed record Limit(SlurmLine Line, TimeSpan Span, TimeSpan Hook);

    /// <summary>The limit that counts: the key of its own (from 24.11) before the common one; null for none.</summary>
    private static Limit? OfKey(SlurmConf conf, string key, TimeSpan hook) =>
        (conf.Last(key) ?? conf.Last("PrologEpilogTimeout")) is { } line && Seconds(line) is { } seconds
            ? new Limit(line, TimeSpan.FromSeconds(seconds), hook)
            : null;

    private static Finding OfBatchStart(SlurmConf conf, TimeSpan prolog)
    {
        const string check = "batch-start-timeout";
        SlurmLine? line = conf.Last("BatchStartTimeout");
        ulong seconds = line is null ? BatchStartDefault : Seconds(line) ?? BatchStartDefault;
        string where = line is null ? "the default" : line.Place;
        return TimeSpan.FromSeconds(seconds) < prolog + Margin
            ? Finding.Warning(
                check,
                $"BatchStartTimeout={seconds} ({where}), and a Prolog may take {Written(prolog)}: slurmctld may take a batch job for lost that still waits for its Prolog",
                $"write in slurm.conf, then 'scontrol reconfigure':  BatchStartTimeout={WholeSeconds(prolog + Margin)}")
            : Finding.Ok(check, $"{seconds} s ({where})");
    }

    /// <summary>A number of seconds that fits Slurm's 16 bits; null for INFINITE and anything else.</summary>
    private static ushort? Seconds(SlurmLine line) =>
        ushort.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort seconds) ? seconds : null;

    private static string WholeSeconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Written(TimeSpan span) => TimeSpanText.Format(span);
}
