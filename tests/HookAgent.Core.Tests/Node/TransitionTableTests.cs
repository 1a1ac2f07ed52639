using System.Collections.Immutable;
using System.Text;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>
/// The tables of ARCHITECTURE.md, printed from the code. Where they differ, HOOKAGENT_WRITE_TABLES=1 writes them anew: look
/// at the difference before you commit it.
/// </summary>
public sealed class TransitionTableTests
{
    private const string Begin = "<!-- printed by TransitionTableTests -->\n";
    private const string End = "<!-- end -->\n";
    private const string Own = "/job/own";
    private static readonly BootTime s_now = new(1_000_000_000);

    private static readonly (string Words, UnitReading Reading)[] s_readings =
    [
        ("at rest", Reading(UnitActiveState.Inactive)),
        ("start queued", Reading(UnitActiveState.Inactive, UnitJobType.Start)),
        ("running", Reading(UnitActiveState.Active)),
        ("stopping", Reading(UnitActiveState.Active, UnitJobType.Stop)),
        ("processes remain", Reading(UnitActiveState.Inactive) with { ProcessesRemain = true }),
    ];

    private static readonly (string Words, Provider Provider)[] s_providers =
    [
        ("`Unread`", new Unread()),
        ("`Off`", new Off(Reading(UnitActiveState.Inactive))),
        ("`Starting`, its job in the queue", new Starting(Reading(UnitActiveState.Inactive), Job(UnitJobResult.Done) with { JobPath = null, Finished = false })),
        ("`Starting`, its job done", new Starting(Reading(UnitActiveState.Inactive), Job(UnitJobResult.Done))),
        ("`Up`, not lent", new Up(Reading(UnitActiveState.Active))),
        ("`Up`, lent", Lent()),
        ("`Up`, lent, foreign stop seen", Lent() with { ForeignStopSeen = true }),
        ("`Up`, lent, systemd was out of reach", Lent() with { Unwatched = true }),
        ("`Stopping`, its job in the queue", Stop(Job(UnitJobResult.Done) with { JobPath = null, Finished = false })),
        ("`Stopping`, its job done", Stop(Job(UnitJobResult.Done))),
        ("`Stopping`, its job cancelled", Stop(Job(UnitJobResult.Canceled))),
        ("`Stopping`, no job", Stop(null)),
        ("`Stopping`, no job, was not lent", Stop(null) with { Lent = null }),
        ("`Stopping`, foreign stop seen, its job done", Stop(Job(UnitJobResult.Done)) with { ForeignStopSeen = true }),
    ];

    [Fact]
    public void ARCHITECTURE_md_has_the_tables_as_the_code_has_them()
    {
        string path = Find("ARCHITECTURE.md");
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, begin, StringComparison.Ordinal);
        string printed = Tables();
        if (Environment.GetEnvironmentVariable("HOOKAGENT_WRITE_TABLES") == "1")
        {
            File.WriteAllText(path, text[..begin] + printed + text[end..]);
            return;
        }

        Assert.Equal(printed, text[begin..end]);
    }

    /// <summary>Every outcome is reached by a cell of the tables, so none is missing from them.</summary>
    [Fact]
    public void The_tables_reach_every_outcome()
    {
        HashSet<ProviderOutcome> reached = [.. Cells().Select(cell => cell.Outcome)];
        Assert.All(Enum.GetValues<ProviderOutcome>(), outcome => Assert.Contains(outcome, reached));
    }

    [Fact]
    public void README_md_has_a_row_for_each_state()
    {
        string text = File.ReadAllText(Find("README.md"));
        Assert.All(Enum.GetValues<NodeState>(), state => Assert.Contains($"\n| `{state.Word()}` | ", text, StringComparison.Ordinal));
    }

    private static IEnumerable<(Provider Next, ProviderOutcome Outcome)> Cells()
    {
        foreach ((_, Provider provider) in s_providers)
        {
            foreach (UnitEvent said in (UnitEvent[])[.. s_readings.Select(column => Seen(column.Reading)), new SystemdLost()])
            {
                yield return Next(provider, said);
            }
        }

        foreach ((_, UnitEvent said, Provider provider) in Others())
        {
            yield return Next(provider, said);
        }
    }

    private static IEnumerable<(string Words, UnitEvent Said, Provider Provider)> Others()
    {
        Starting starting = new(Reading(UnitActiveState.Inactive), Job(null) with { Finished = false });
        foreach (UnitJobResult result in Enum.GetValues<UnitJobResult>())
        {
            yield return ($"`Starting`: the job ended, {result}; at rest", Seen(s_readings[0].Reading), starting with { Start = Job(result) });
        }

        yield return ("`Starting`: the job is gone, its end was not told; at rest", Seen(s_readings[0].Reading), starting);
        yield return ("the same, and a stop by somebody else is queued", Seen(Reading(UnitActiveState.Inactive, UnitJobType.Stop)), starting);
        foreach (UnitRefusal refusal in Enum.GetValues<UnitRefusal>())
        {
            yield return ($"`Starting`: systemd refuses the job, {refusal} (`{ProviderOutcomes.ReasonOf(refusal).Word()}`)", new UnitJobRefused(1, refusal, ""), starting);
        }

        yield return ("`Stopping`: systemd refuses the job", new UnitJobRefused(1, UnitRefusal.Other, ""), Stop(Job(null)));
        yield return ("`Off`: a job that is not the agent's ended", new UnitJobRemoved("/job/foreign", UnitJobResult.Done), new Off(s_readings[0].Reading));
        yield return ("`Up`, lent: a job that is not the agent's ended, Done", new UnitJobRemoved("/job/foreign", UnitJobResult.Done), Lent());
    }

    private static string Tables()
    {
        StringBuilder text = new();
        Row(["The provider, when the unit is read as …", .. s_readings.Select(column => column.Words), "systemd lost"]);
        Row(Enumerable.Repeat("---", s_readings.Length + 2));
        foreach ((string words, Provider provider) in s_providers)
        {
            Row([words, .. s_readings.Select(column => Cell(Next(provider, Seen(column.Reading)))), Cell(Next(provider, new SystemdLost()))]);
        }

        text.Append('\n');
        Row(["What else systemd says", "next"]);
        Row(["---", "---"]);
        foreach ((string words, UnitEvent said, Provider provider) in Others())
        {
            Row([words, Cell(Next(provider, said))]);
        }

        text.Append('\n');
        Row(["Outcome", "consequence"]);
        Row(["---", "---"]);
        foreach (ProviderOutcome outcome in Enum.GetValues<ProviderOutcome>().Where(outcome => outcome is not ProviderOutcome.Nothing))
        {
            Row([outcome.ToString(), Consequence(outcome)]);
        }

        text.Append('\n');
        Row(["State", "reasons"]);
        Row(["---", "---"]);
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            Row([$"`{state.Word()}`", string.Join(", ", Enum.GetValues<Reason>().Where(reason => reason.State() == state).Select(reason => $"`{reason.Word()}`"))]);
        }

        return text.ToString();

        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static string Cell((Provider Next, ProviderOutcome Outcome) cell)
    {
        string more = string.Concat(cell.Next switch
        {
            Up up => [up.Lent is null ? "" : ", lent", up.ForeignStopSeen ? ", foreign stop seen" : "", up.Unwatched ? ", unwatched" : "", up.StopAgainAt is null ? "" : ", no stop for 1 s"],
            Stopping stop => [stop.ForeignStopSeen ? ", foreign stop seen" : "", stop.StopAgainAt is null ? "" : ", again in 1 s"],
            _ => (string[])[],
        });
        return $"{cell.Next.GetType().Name}{more}{(cell.Outcome is ProviderOutcome.Nothing ? "" : $": **{cell.Outcome}**")}";
    }

    /// <summary>What the outcome changes beside the provider, and the effects that leave.</summary>
    private static string Consequence(ProviderOutcome outcome)
    {
        NodeModel model = NodeMachine.Begin(TestNode.Settings, PersistentState.Empty, 1, s_now) with
        {
            Provider = new Off(s_readings[0].Reading),
            Systemd = new Systemd { RequiredUnitUp = true, ConditionChecked = new ConditionStamp(1) },
        };
        bool onlyInPause = outcome is ProviderOutcome.FoundRunning or ProviderOutcome.ForeignJobEnded;
        model = model with { Backoff = model.Backoff with { RetryAt = onlyInPause || outcome is ProviderOutcome.Started ? s_now + TestNode.Seconds(4) : null } };
        List<NodeEffect> effects = [];
        NodeModel after = ProviderOutcomes.Follow(model, Stop(null), outcome, new UnitJobRefused(1, UnitRefusal.TransactionConflict, ""), s_now, effects);
        List<string> words = [.. effects.Select(effect => effect switch
        {
            ProviderFailed failed => $"{nameof(ProviderFailed)} ({(outcome is ProviderOutcome.StartRefused ? "by the refusal, see above" : failed.Reason.Word())})",
            HoldBegan began => $"{nameof(HoldBegan)} ({began.Hold.Kind})",
            _ => effect.GetType().Name,
        })];
        if (after.Backoff.RetryAt is null && model.Backoff.RetryAt is not null)
        {
            words.Add("the backoff's pause ends");
        }

        if (after.Systemd.Inspecting is { } inspection)
        {
            words.Add($"a failure, which the answer explains ({inspection}), or a refusal (`{Reason.ExecCondition.Word()}`)");
        }

        string told = words.Count == 0 ? "none" : string.Join(", ", words);
        return onlyInPause ? $"after failures or in a hold by hand: {told}; else none" : told;
    }

    private static (Provider Next, ProviderOutcome Outcome) Next(Provider provider, UnitEvent said) =>
        ProviderTransitions.Next(provider, said, agentStopping: false, s_now);

    private static UnitsSeen Seen(UnitReading reading) => new(reading, true, false);

    private static UnitReading Reading(UnitActiveState active, UnitJobType job = UnitJobType.None) =>
        new(UnitLoadState.Loaded, active, job, job is UnitJobType.None ? "" : "/job/foreign");

    private static PendingUnitJob Job(UnitJobResult? result) => new(1, Own, result, result is not null);

    private static Up Lent() => new(Reading(UnitActiveState.Active)) { Lent = s_now };

    private static Stopping Stop(PendingUnitJob? job) =>
        new(Reading(UnitActiveState.Active), new StopEscalation(StopStage.Asked, s_now, s_now + TestNode.Seconds(10), null), job) { Lent = s_now };

    private static string Find(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, name)))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, name);
    }
}
