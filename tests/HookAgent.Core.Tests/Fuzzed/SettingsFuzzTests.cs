using System.Text;
using HookAgent.Core.Settings;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Core.Tests.Fuzzed;

/// <summary>Whatever a settings file holds: settings within their ranges, or errors that name file and line.</summary>
public sealed class SettingsFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] s_main =
    [
        "[Node]\nUnit=wasimoff-provider.service\nRequireUnit=slurmd.service slurmd@*.service\nIdleDelay=10s\nStartJitter=0\nStopGrace=10s\n[Hook]\nTimeout=1s\nPrologWait=0\n[Metrics]\nTextFile=/var/lib/prometheus/node-exporter/hookagent.prom\n"u8.ToArray(),
        "# A comment\n; and another\n[Node]\nIdleDelay = 1min 30s\nUnit=lent@1.service\n"u8.ToArray(),
        "[Hook]\r\nTimeout=\\\r\n 500ms\r\nPrologWait=1.5s\r\n"u8.ToArray(),
        "[Node]\nRequireUnit=\nIdleDelay=\n[Metrics]\nTextFile=\n"u8.ToArray(),
        "[Node]\nIdleDelay=soon\nUnits=x\n[Nod]\nnonsense\n[Hook\n"u8.ToArray(),
        [],
    ];

    [Fact]
    public void Settings_are_in_their_ranges_or_the_errors_name_their_place()
    {
        using TemporaryFolder root = new();
        string[] files = ["etc/hookagent/hookagent.conf", "etc/hookagent/hookagent.conf.d/10-a.conf", "run/hookagent/hookagent.conf.d/20-b.conf"];
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root[file])!);
        }

        Fuzz.Run(output, 4, mutator =>
        {
            Dictionary<string, byte[]> written = [];
            foreach (string file in files)
            {
                File.Delete(root[file]);
                if (mutator.Pick(3) > 0)
                {
                    written[root[file]] = mutator.Mutate(s_main);
                    File.WriteAllBytes(root[file], written[root[file]]);
                }
            }

            switch (Fuzz.Within(32 << 20, () => SettingsLoader.Load(root.Path)))
            {
                case SettingsResult.Valid valid:
                    Assert.Equal(written.Keys.Order(), valid.Files.Order());
                    AssertInRange(valid.Settings);
                    break;
                case SettingsResult.Invalid invalid:
                    Assert.InRange(invalid.Errors.Count, 1, SettingsParser.MostErrors + 1);
                    Assert.All(invalid.Errors, error =>
                    {
                        Assert.InRange(error.Line, 0, Lines(written[error.File]));
                        Assert.InRange(error.ToString().Length, error.File.Length + 3, error.File.Length + 1000);
                        Assert.DoesNotContain(error.ToString(), c => char.IsControl(c) && c != '\t');
                    });
                    break;
            }
        });
    }

    [Fact]
    public void The_hooks_settings_are_in_their_ranges_whatever_was_published()
    {
        byte[][] published =
        [
            Encoding.ASCII.GetBytes(HookSettings.Default.Format()), "TIMEOUT_USEC=60000000\nPROLOG_WAIT_USEC=600000000\nLATER=1\n"u8.ToArray(), [],
        ];
        Fuzz.Run(output, 1, mutator =>
        {
            HookSettings settings = HookSettings.Parse(mutator.Mutate(published), out HookSettingsFault fault);
            Assert.InRange(settings.Timeout, HookSettings.LeastTimeout, HookSettings.MostTimeout);
            Assert.InRange(settings.PrologWait, TimeSpan.Zero, HookSettings.MostPrologWait);
            Assert.False(fault.HasFlag(HookSettingsFault.Unreadable));
            Assert.Equal(settings, HookSettings.Parse(Encoding.ASCII.GetBytes(settings.Format()), out fault));
            Assert.Equal(HookSettingsFault.None, fault);
        });
    }

    [Fact]
    public void A_span_of_time_that_is_read_is_written_as_itself()
    {
        string[] spans = ["10", "500ms", "1min 30s", "2h", "1.5s", "infinity", "1y 2month 3w 4d", "+3s", "0.000001s", "90 us"];
        Fuzz.Run(output, 1, mutator =>
        {
            if (TimeSpanText.TryParse(mutator.Mutate(spans), out TimeSpan span))
            {
                Assert.True(TimeSpanText.TryParse(TimeSpanText.Format(span), out TimeSpan again), TimeSpanText.Format(span));
                Assert.Equal(span, again);
            }
        });
    }

    private static void AssertInRange(AgentSettings settings)
    {
        Assert.InRange(settings.IdleDelay, TimeSpan.Zero, TimeSpan.FromDays(1));
        Assert.InRange(settings.StartJitter, TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.InRange(settings.StopGrace, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Assert.InRange(settings.HookTimeout, HookSettings.LeastTimeout, HookSettings.MostTimeout);
        Assert.InRange(settings.PrologWait, TimeSpan.Zero, HookSettings.MostPrologWait);
        Assert.True(UnitName.IsService(settings.Unit), settings.Unit);
        Assert.True(settings.RequireUnit is null || RequiredUnits.Words(settings.RequireUnit).All(static word => UnitName.IsService(word) || UnitName.IsPattern(word)), settings.RequireUnit);
        Assert.False(RequiredUnits.Cover(settings.RequireUnit, settings.Unit), settings.RequireUnit);
        Assert.True(settings.MetricsTextFile is null || Path.IsPathRooted(settings.MetricsTextFile), settings.MetricsTextFile);
    }

    /// <summary>LF, CR LF and CR each end one.</summary>
    private static int Lines(byte[] text) => 1 + text.Count(c => c is (byte)'\n' or (byte)'\r');
}
