using HookAgent.Core.Settings;

namespace HookAgent.Core.Tests.Settings;

public sealed class SettingsParserTests
{
    [Fact]
    public void An_empty_file_gives_the_documented_defaults()
    {
        AgentSettings settings = Valid("");

        Assert.Equal("wasimoff-provider.service", settings.Unit);
        Assert.Equal("slurmd.service", settings.RequireUnit);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.IdleDelay);
        Assert.Equal(TimeSpan.Zero, settings.StartJitter);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.StopGrace);
        Assert.Equal(TimeSpan.FromSeconds(1), settings.HookTimeout);
        Assert.Equal(TimeSpan.Zero, settings.PrologWait);
        Assert.Equal("/var/lib/prometheus/node-exporter/hookagent.prom", settings.MetricsTextFile);
    }

    [Fact]
    public void Every_key_reaches_its_own_setting()
    {
        AgentSettings settings = Valid("""
            [Node]
            Unit=lent@2.service
            RequireUnit=other.service
            IdleDelay=1
            StartJitter=2
            StopGrace=3
            [Hook]
            Timeout=4
            PrologWait=5
            [Metrics]
            TextFile=/m/x.prom
            """);

        Assert.Equal(
            new AgentSettings
            {
                Unit = "lent@2.service",
                RequireUnit = "other.service",
                IdleDelay = TimeSpan.FromSeconds(1),
                StartJitter = TimeSpan.FromSeconds(2),
                StopGrace = TimeSpan.FromSeconds(3),
                HookTimeout = TimeSpan.FromSeconds(4),
                PrologWait = TimeSpan.FromSeconds(5),
                MetricsTextFile = "/m/x.prom",
            },
            settings);
    }

    [Theory]
    [InlineData("[Node]\nIdleDelay=30s")]
    [InlineData("[Node]\r\nIdleDelay=30s\r\n")]
    [InlineData("[Node]\rIdleDelay=30s\r")]
    [InlineData("\ufeff[Node]\nIdleDelay=30s\n")]
    [InlineData("  [Node]  \n\t IdleDelay \t=  30s  \n")]
    [InlineData("# c\n; c\n  # c\n\n[Node]\n#IdleDelay=1\nIdleDelay=30s\n")]
    [InlineData("[Node]\nIdleDelay=\\\n30s\n")]
    [InlineData("[Node]\nIdleDelay=10s \\\n# between\n 20s\n")]
    [InlineData("[Node]\nIdleDelay\\\n=30s\\")]
    [InlineData("[Node]\nIdleDelay=1\nIdleDelay=30s\n")]
    [InlineData("[Node]\n[Hook]\n[Node]\nIdleDelay=30s\n")]
    public void Reads_a_file_as_systemd_does(string text) =>
        Assert.Equal(TimeSpan.FromSeconds(30), Valid(text).IdleDelay);

    [Fact]
    public void A_comment_sign_inside_a_value_is_part_of_it() =>
        Assert.Contains("10s # ten", Assert.Single(Invalid("[Node]\nIdleDelay=10s # ten")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_comment_does_not_continue_over_its_backslash() =>
        Assert.Equal(TimeSpan.FromSeconds(30), Valid("[Node]\n# see below \\\nIdleDelay=30s").IdleDelay);

    [Fact]
    public void An_escaped_backslash_does_not_continue_the_line() =>
        Assert.Equal("/a/b.prom", Valid("[Node]\nUnit=a\\\\.service\n[Metrics]\nTextFile=/a/b.prom").MetricsTextFile);

    [Fact]
    public void An_empty_value_takes_back_what_an_earlier_file_set()
    {
        AgentSettings settings = Valid(
            "[Node]\nUnit=a.service\nIdleDelay=1h\n[Hook]\nTimeout=7s",
            "[Node]\nUnit=\nIdleDelay=\n[Hook]\nTimeout=");

        Assert.Equal(AgentSettings.Defaults, settings);
    }

    [Fact]
    public void An_empty_value_turns_off_what_can_be_off()
    {
        AgentSettings settings = Valid("[Node]\nRequireUnit=\n[Metrics]\nTextFile=");

        Assert.Null(settings.RequireUnit);
        Assert.Null(settings.MetricsTextFile);
    }

    [Fact]
    public void A_later_file_wins_key_by_key()
    {
        AgentSettings settings = Valid("[Node]\nIdleDelay=1\nStopGrace=2", "[Node]\nIdleDelay=3");

        Assert.Equal(TimeSpan.FromSeconds(3), settings.IdleDelay);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.StopGrace);
    }

    [Fact]
    public void All_errors_are_told_with_file_and_line_also_behind_a_continued_one()
    {
        IReadOnlyList<SettingsError> errors = Invalid(
            "[Node]\nIdleDelay=1 \\\n  fast\n\nStopGrace=0\n[Nodes]\nWhatever=1\nMore=2\n[Hook]\nTimout=1s\n",
            "Unit=x.service\n");

        Assert.Equal(
            [("0.conf", 2), ("0.conf", 5), ("0.conf", 6), ("0.conf", 10), ("1.conf", 1)],
            errors.Select(error => (error.File, error.Line)));
    }

    [Theory]
    [InlineData("[Node]\nIdleDelay=soon", "IdleDelay=soon is not valid; accepted is a time span from 0 to 1d, like 10s, 500ms or 1min 30s")]
    [InlineData("[Node]\nIdleDelay=infinity", "IdleDelay=infinity is not valid; accepted is a time span from 0 to 1d, like 10s, 500ms or 1min 30s")]
    [InlineData("[Node]\nStopGrace=99ms", "StopGrace=99ms is not valid; accepted is a time span from 100ms to 1h, like 10s, 500ms or 1min 30s")]
    [InlineData("[Hook]\nTimeout=61s", "Timeout=61s is not valid; accepted is a time span from 10ms to 1min, like 10s, 500ms or 1min 30s")]
    [InlineData("[Node]\nUnit=provider", "Unit=provider is not valid; accepted is the name of one service that can be started, like wasimoff-provider.service")]
    [InlineData("[Metrics]\nTextFile=x.prom", "TextFile=x.prom is not valid; accepted is an absolute path without \"..\" that ends in .prom (node_exporter reads no other name), or nothing for no metrics")]
    [InlineData("[Nodes]", "unknown section [Nodes]; did you mean [Node]?")]
    [InlineData("[node]", "unknown section [node]; did you mean [Node]?")]
    [InlineData("[Service]", "unknown section [Service]; accepted is [Node], [Hook], [Metrics]")]
    [InlineData("[Node", "[Node is not a section; accepted is [Node], [Hook], [Metrics] alone on a line")]
    [InlineData("[Node]\nIdledelay=1", "unknown key Idledelay= in [Node]; did you mean IdleDelay= in [Node]?")]
    [InlineData("[Node]\nPrologwait=1", "unknown key Prologwait= in [Node]; did you mean PrologWait= in [Hook]?")]
    [InlineData("[Node]\nTimeout=1", "Timeout= is not a key of [Node]; it belongs into [Hook]")]
    [InlineData("[Hook]\nColour=red", "unknown key Colour= in [Hook]; accepted is Timeout=, PrologWait=")]
    [InlineData("Unit=a.service", "Unit= stands before any section; it belongs below a line [Node]")]
    [InlineData("[Node]\nUnit a.service", "Unit a.service is not an assignment; accepted is Key=value, or a comment that begins with #")]
    [InlineData("[Node]\n=x", "=x is not an assignment; accepted is Key=value, or a comment that begins with #")]
    [InlineData("[Node]\nUnit=a\u001b[2J.service", "holds a control character; a settings file is plain text")]
    [InlineData("[Node]\nRequireUnit=slurmd.service slurmd", "RequireUnit=slurmd.service slurmd is not valid; accepted is names of services and patterns of them, 32 at most, like slurmd.service or slurmd@*.service, or nothing for no such unit")]
    [InlineData("[Node]\nUnit=lent@1.service\nRequireUnit=slurmd.service lent@*.service", "Unit= and RequireUnit= both name lent@1.service; the unit that is lent the node cannot be the one the node cannot do without")]
    [InlineData("[Node]\nUnit=slurmd.service", "Unit= and RequireUnit= both name slurmd.service; the unit that is lent the node cannot be the one the node cannot do without")]
    public void Says_what_was_found_and_what_is_accepted(string text, string message) =>
        Assert.Equal(message, Assert.Single(Invalid(text)).Message);

    [Theory]
    [InlineData("slurmd@*.service", "slurmd@*.service")]
    [InlineData(" a.service \t b@*.service  a.service", "a.service b@*.service")]
    public void RequireUnit_takes_several_names_and_patterns(string written, string read) =>
        Assert.Equal(read, Valid($"[Node]\nRequireUnit={written}").RequireUnit);

    [Fact]
    public void RequireUnit_takes_32_at_most()
    {
        static string Units(int count) => $"[Node]\nRequireUnit={string.Join(' ', Enumerable.Range(0, count).Select(static i => $"slurmd@{i}.service"))}";
        Valid(Units(32));
        Invalid(Units(33));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/x")]
    [InlineData("/.prom")]
    [InlineData("/a/../b.prom")]
    [InlineData("/a//b.prom")]
    [InlineData("/a/b.prom/")]
    [InlineData("a/b.prom")]
    public void Refuses_a_metrics_path_that_nobody_would_collect(string path) => Invalid($"[Metrics]\nTextFile={path}");

    [Fact]
    public void The_limits_themselves_are_accepted()
    {
        Valid("[Node]\nIdleDelay=0\nStartJitter=0\nStopGrace=100ms\n[Hook]\nTimeout=10ms\nPrologWait=0");
        Valid("[Node]\nIdleDelay=1d\nStartJitter=1h\nStopGrace=1h\n[Hook]\nTimeout=60s\nPrologWait=10min");
        Assert.Equal(5, Invalid("[Node]\nIdleDelay=1d 1us\nStartJitter=1h 1us\nStopGrace=1h 1us\n[Hook]\nTimeout=60s 1us\nPrologWait=10min 1us").Count);
    }

    [Fact]
    public void A_file_that_is_all_errors_does_not_fill_the_journal()
    {
        IReadOnlyList<SettingsError> errors = Invalid(string.Concat(Enumerable.Repeat("x\n", 10_000)));

        Assert.Equal(SettingsParser.MostErrors + 1, errors.Count);
        Assert.Equal("0.conf: 9900 more errors are not listed", errors[^1].ToString());
    }

    [Fact]
    public void An_error_is_written_as_an_editor_can_jump_to() =>
        Assert.Equal(
            "0.conf:2: unknown key Uni= in [Node]; did you mean Unit= in [Node]?",
            Assert.Single(Invalid("[Node]\nUni=a.service")).ToString());

    private static AgentSettings Valid(params string[] files)
    {
        SettingsResult result = Parsed(files);
        Assert.True(result is SettingsResult.Valid, string.Join('\n', (result as SettingsResult.Invalid)?.Errors ?? []));
        return ((SettingsResult.Valid)result).Settings;
    }

    private static IReadOnlyList<SettingsError> Invalid(params string[] files) =>
        Assert.IsType<SettingsResult.Invalid>(Parsed(files)).Errors;

    private static SettingsResult Parsed(string[] files)
    {
        SettingsParser parser = new();
        for (int i = 0; i < files.Length; i++)
        {
            parser.Read($"{i}.conf", files[i]);
        }

        return parser.Finish();
    }
}
