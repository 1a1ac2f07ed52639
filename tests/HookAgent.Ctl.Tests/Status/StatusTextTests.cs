using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Tests.Status;

public sealed class StatusTextTests
{
    private static readonly DateTimeOffset s_now = new(2025, 11, 22, 16, 0, 0, TimeSpan.Zero);

    private static readonly NodeStatus s_lending = new()
    {
        State = "lending",
        Reason = "running",
        Since = Usec(s_now.AddMinutes(-3).AddSeconds(-5)),
        Unit = "wasimoff-provider.service",
        UnitState = "active",
        LastHandoverUSec = 231_412,
    };

    [Fact]
    public void Lending() => Assert.Equal(
        """
            Node: com0
           State: lending (running)
             Why: The node is idle and lent to the provider.
           Since: Sat 2025-11-22 16:56:55 CET; 3 min 5 s ago
            Jobs: none
            Unit: wasimoff-provider.service (active)
        Handover: provider gone after 231 ms

        """,
        Text(s_lending));

    [Fact]
    public void Nothing_that_a_terminal_would_obey_is_shown() => Assert.StartsWith(
        """
            Node: com0
           State: lending?[2J (run?ning)
             Why: The agent's reason is 'run?ning', which this version of hookctl does not know.
           Since: Sat 2025-11-22 16:56:55 CET; 3 min 5 s ago
            Jobs: 1 (1?7)
            Unit: a?b (acti?ve)
        """,
        Text(s_lending with { State = "lending\u001b[2J", Reason = "run\nning", Jobs = ["1\r7"], Unit = "a\u009bb", UnitState = "acti\u0000ve" }),
        StringComparison.Ordinal);

    [Fact]
    public void Busy_names_the_jobs() => Assert.Equal(
        """
            Node: com0
           State: busy (jobs-recorded)
             Why: A Slurm job runs on this node.
           Since: Sat 2025-11-22 13:58:01 CET; 3 h 1 min ago
            Jobs: 2 (17-18)
            Unit: wasimoff-provider.service (inactive)
        Handover: none yet

        """,
        Text(s_lending with
        {
            State = "busy",
            Reason = "jobs-recorded",
            Since = Usec(s_now.AddHours(-3).AddMinutes(-1).AddSeconds(-59)),
            Jobs = ["17", "18"],
            UnitState = "inactive",
            LastHandoverUSec = 0,
        }));

    [Fact]
    public void Held_says_by_whom_why_and_how_long() => Assert.Equal(
        """
            Node: com0
           State: held (operator-hold)
             Why: An operator or the installation holds the node; 'hookctl release' ends it.
           Since: Thu 2025-11-20 15:00:00 CET; 2 d 2 h ago
            Jobs: none
            Unit: wasimoff-provider.service (inactive)
            Held: until Sat 2025-11-22 18:30:00 CET (1 h 30 min left), by root (sudo: alice): "disk change". Since Thu 2025-11-20 15:00:00 CET.
        Handover: provider gone after 231 ms

        """,
        Text(s_lending with
        {
            State = "held",
            Reason = "operator-hold",
            Since = Usec(s_now.AddDays(-2).AddHours(-2)),
            UnitState = "inactive",
            HeldBy = "operator",
            HoldReason = "disk change",
            HoldUser = "root (sudo: alice)",
            HoldSince = Usec(s_now.AddDays(-2).AddHours(-2)),
            HoldUntil = Usec(s_now.AddHours(1.5)),
        }));

    [Theory]
    [InlineData("operator", "", "    Held: until released, by an operator.\n")]
    [InlineData("hand-stopped", "", "    Held: until released, because wasimoff-provider.service was stopped by hand.\n")]
    [InlineData("alice", "a\nb\u001b[2J", "    Held: until released, by alice: \"a?b?[2J\".\n")]
    public void A_hold_without_an_end(string by, string reason, string line) => Assert.Contains(
        line, Text(s_lending with { HeldBy = by, HoldReason = reason }), StringComparison.Ordinal);

    [Fact]
    public void A_hold_is_shown_while_a_job_runs_too() => Assert.Contains(
        "    Held: ", Text(s_lending with { State = "busy", Reason = "jobs-recorded", HeldBy = "operator" }), StringComparison.Ordinal);

    [Theory]
    [InlineData(-0.4, "just now")]
    [InlineData(-1.9, "1 s ago")]
    [InlineData(-59, "59 s ago")]
    [InlineData(-299, "4 min 59 s ago")]
    [InlineData(-359, "5 min 59 s ago")]
    [InlineData(-3600, "1 h ago")]
    [InlineData(-90_061, "1 d 1 h ago")]
    [InlineData(-30_000_000, "347 d 5 h ago")]
    [InlineData(30, "the clock was set back since")]
    public void An_age_has_two_units_at_most(double seconds, string age) => Assert.Contains(
        $"; {age}\n", Text(s_lending with { Since = Usec(s_now.AddSeconds(seconds)) }), StringComparison.Ordinal);

    [Theory]
    [InlineData(0ul)]
    [InlineData(ulong.MaxValue)]
    public void A_time_that_is_none_is_not_shown_as_1970(ulong usec) =>
        Assert.Contains("   Since: not known\n", Text(s_lending with { Since = usec }), StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_said_to_start_whose_unit_has_been_removed()
    {
        NodeStatus settling = s_lending with { State = "settling", Reason = "idle-delay", UnitState = "inactive", NextStart = Usec(s_now.AddSeconds(2)) };
        string text = Text(new StatusSnapshot(settling, null, null, null, true) { IsMissing = true });
        Assert.Contains("    Unit: wasimoff-provider.service (not-found)\n", text, StringComparison.Ordinal);
        Assert.Contains("     Why: There is no wasimoff-provider.service any more, so nothing starts.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Next:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_systemd_the_unit_is_not_shown_as_in_some_state() => Assert.Contains(
        "    Unit: wasimoff-provider.service (systemd does not answer)\n", Text(s_lending with { UnitState = "" }), StringComparison.Ordinal);

    [Fact]
    public void Every_reason_of_the_daemon_has_its_sentence()
    {
        foreach (Reason reason in Enum.GetValues<Reason>())
        {
            Assert.Equal(reason.Sentence(), ReasonSentence.Of(new NodeStatus { Reason = reason.Word() }));
        }
    }

    [Fact]
    public void A_reason_of_a_newer_daemon_is_shown_as_it_is() => Assert.Contains(
        "'moon-phase'", Text(s_lending with { Reason = "moon-phase" }), StringComparison.Ordinal);

    [Theory]
    [InlineData("lending", "32")]
    [InlineData("settling", "33")]
    [InlineData("held", "33")]
    [InlineData("reclaiming", "33")]
    [InlineData("failed", "31")]
    [InlineData("unknown", "31")]
    public void Only_the_state_is_coloured(string state, string colour) => Assert.StartsWith(
        $"    Node: com0\n   State: \u001b[1;{colour}m{state}\u001b[0m (running)\n     Why: ", Text(s_lending with { State = state }, coloured: true), StringComparison.Ordinal);

    [Fact]
    public void Busy_has_no_colour_as_it_is_what_a_node_is_for() =>
        Assert.DoesNotContain("\u001b", Text(s_lending with { State = "busy" }, coloured: true), StringComparison.Ordinal);

    [Theory]
    [InlineData(true, null, "xterm", true)]
    [InlineData(true, "", "xterm", true)]
    [InlineData(true, "1", "xterm", false)]
    [InlineData(true, null, "dumb", false)]
    [InlineData(true, null, null, false)]
    [InlineData(false, null, "xterm", false)]
    public void Colours_are_for_a_terminal_that_wants_them(bool isTerminal, string? noColor, string? term, bool coloured) =>
        Assert.Equal(coloured, Terminal.WantsColour(isTerminal, noColor, term));

    [Fact]
    public void What_systemd_measures_and_the_last_handovers_are_shown_where_it_is_known() => Assert.Equal(
        """
            Node: com0
           State: lending (running)
             Why: The node is idle and lent to the provider.
           Since: Sat 2025-11-22 16:56:55 CET; 3 min 5 s ago
            Jobs: none
            Unit: wasimoff-provider.service (active)
          Memory: 170.5 MiB
             CPU: 12 s since it was started
        Handover: Sat 2025-11-22 16:00:00 CET, job 17: 231 ms, overlap 1.2 ms at most

        """,
        Text(new StatusSnapshot(s_lending with { Handovers = [new NodeHandover(Usec(s_now.AddHours(-1)), "17", 231_412, 1_200)] }, 178_782_208, 12_345_678, null, true)));

    [Fact]
    public void A_failed_provider_is_quoted_with_what_to_do() => Assert.Contains(
        """
            Unit: wasimoff-provider.service (failed)
        Provider: said 12 s ago: "The Wasimoff provider was not started: Deno is missing."
                  "Cause: DENO is not set.?[2J"
                  "Next: install Deno."
           Retry: when the cause is fixed, 'hookctl retry' starts the provider at once
        Handover:
        """,
        Text(Failed(new ProviderMessage(
            s_now.AddSeconds(-12), 3, ["The Wasimoff provider was not started: Deno is missing.", "Cause: DENO is not set.\u001b[2J", "Next: install Deno."]))),
        StringComparison.Ordinal);

    [Fact]
    public void A_provider_that_waits_is_quoted() => Assert.Contains(
        """
            Unit: wasimoff-provider.service (active)
        Provider: said 2 min ago: "Waiting for the broker at controller:4080: connection refused"
        Handover:
        """,
        Text(new StatusSnapshot(s_lending, null, null, new ProviderMessage(
            s_now.AddMinutes(-2), 4, ["Waiting for the broker at controller:4080: connection refused"]), true)),
        StringComparison.Ordinal);

    [Fact]
    public void Who_may_not_read_the_journal_is_told_where_the_words_are() => Assert.Contains(
        "Provider: what it said: 'journalctl -u wasimoff-provider.service', by root or the groups adm and systemd-journal\n", Text(Failed(null) with { ByRoot = false }), StringComparison.Ordinal);

    [Fact]
    public void Of_a_provider_that_failed_without_a_word_the_journal_is_named() =>
        Assert.Contains("Provider: what it said: 'journalctl -u wasimoff-provider.service'\n", Text(Failed(null)), StringComparison.Ordinal);

    [Fact]
    public void A_long_word_is_cut() =>
        Assert.Contains($"said 1 s ago: \"{new string('x', 400)}…\"\n", Text(Failed(new ProviderMessage(s_now.AddSeconds(-1), 3, [new string('x', 60_000)]))), StringComparison.Ordinal);

    [Theory]
    [InlineData("settling", "idle-delay", 4.2, "    Next: the provider starts in 4 s\n")]
    [InlineData("settling", "idle-delay", -1, "    Next: the provider starts now\n")]
    [InlineData("failed", "start-failed", 32, "   Retry: next try in 32 s; when the cause is fixed, 'hookctl retry' starts the provider at once\n")]
    [InlineData("held", "exec-condition", 90, "   Retry: next try in 1 min 30 s; when the cause is fixed, 'hookctl retry'")]
    public void What_comes_next_is_told(string state, string reason, double seconds, string line) => Assert.Contains(
        line, Text(s_lending with { State = state, Reason = reason, NextStart = Usec(s_now.AddSeconds(seconds)) }), StringComparison.Ordinal);

    [Fact]
    public void A_unit_that_is_missing_is_named()
    {
        Assert.Contains("Why: There is no unit wasimoff-provider.service:", Text(s_lending with { State = "failed", Reason = "unit-missing" }), StringComparison.Ordinal);
        Assert.Contains("Why: slurmd.service (RequireUnit=) is not active", Text(s_lending with { State = "held", Reason = "required-unit-inactive", RequireUnit = "slurmd.service" }), StringComparison.Ordinal);
        Assert.Contains("Why: Not all of slurmd@*.service (RequireUnit=) are active", Text(s_lending with { State = "held", Reason = "required-unit-inactive", RequireUnit = "slurmd@*.service" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_settings_are_told_with_what_to_do() => Assert.Contains(
        "  Config: refused, old settings in force: /etc/hookagent/hookagent.conf:3: no key Foo\n          correct it, ",
        Text(s_lending with { SettingsRefused = "/etc/hookagent/hookagent.conf:3: no key Foo" }), StringComparison.Ordinal);

    [Fact]
    public void Many_jobs_are_counted_and_named_in_ranges() => Assert.Contains(
        "    Jobs: 41 (17, 100231-100270)\n", Text(s_lending with { Jobs = [.. Enumerable.Range(100_231, 40).Select(static job => $"{job}"), "17"] }), StringComparison.Ordinal);

    [Fact]
    public void No_handover_is_said_only_where_there_is_none()
    {
        NodeHandover instant = new(Usec(s_now), "17", 0, 0);
        Assert.DoesNotContain("none yet", Text(s_lending with { LastHandoverUSec = 0, Handovers = [instant] }), StringComparison.Ordinal);
        Assert.Contains("Handover: none yet\n", Text(s_lending with { LastHandoverUSec = 0 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void A_terminal_gets_lines_that_fit_and_whole_words(int width)
    {
        NodeStatus held = s_lending with { HeldBy = "operator", HoldReason = "the fan of the left power supply stands still again", HoldUntil = Usec(s_now.AddHours(2)) };
        string wide = Text(held);
        string narrow = Text(new StatusSnapshot(held, null, null, null, true), width: width);
        Assert.All(narrow.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.Equal(wide.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), narrow.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(narrow.Split('\n').Where(static line => line.Length > 0 && !line[..10].Contains(':', StringComparison.Ordinal)), line => Assert.StartsWith(new string(' ', 10), line, StringComparison.Ordinal));
    }

    [Fact]
    public void On_a_screen_that_stays_no_age_is_shown() => Assert.Contains(
        "   Since: Sat 2025-11-22 16:56:55 CET\n",
        Text(new StatusSnapshot(s_lending, null, null, null, true), ages: false),
        StringComparison.Ordinal);

    private static StatusSnapshot Failed(ProviderMessage? provider) =>
        new(s_lending with { State = "failed", Reason = "provider-exited", UnitState = "failed" }, null, null, provider, true);

    private static string Text(NodeStatus status, bool coloured = false) => Text(new StatusSnapshot(status, null, null, null, true), coloured);

    private static string Text(StatusSnapshot reading, bool coloured = false, bool ages = true, int width = int.MaxValue)
    {
        using StringWriter output = new();
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), "test", "CET");
        new StatusText(new Terminal(output, TextWriter.Null, coloured) { Width = width }, s_now, zone, ages).Write(reading with { Host = "com0" });
        return output.ToString();
    }

    private static ulong Usec(DateTimeOffset time) => (ulong)((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
