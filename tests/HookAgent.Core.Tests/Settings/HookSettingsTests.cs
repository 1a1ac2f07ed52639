using System.Text;
using HookAgent.Core.Settings;
using HookAgent.Tests;

namespace HookAgent.Core.Tests.Settings;

public sealed class HookSettingsTests
{
    [Fact]
    public void Reads_back_what_the_daemon_publishes()
    {
        HookSettings settings = new(TimeSpan.FromMilliseconds(1500), TimeSpan.FromSeconds(15));
        Assert.Equal("TIMEOUT_USEC=1500000\nPROLOG_WAIT_USEC=15000000\n", settings.Format());
        Assert.Equal((settings, HookSettingsFault.None), Parse(settings.Format()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("UNKNOWN=1\n\n#\n")]
    [InlineData("XTIMEOUT_USEC=5\n")]
    public void Has_a_default_for_each(string text) =>
        Assert.Equal((new HookSettings(TimeSpan.FromSeconds(1), TimeSpan.Zero), HookSettingsFault.None), Parse(text));

    [Theory]
    [InlineData("TIMEOUT_USEC=10000", 10, 0)]
    [InlineData("TIMEOUT_USEC=60000000", 60_000, 0)]
    [InlineData("PROLOG_WAIT_USEC=600000000", 1000, 600_000)]
    [InlineData("TIMEOUT_USEC=20000\nTIMEOUT_USEC=30000\n", 30, 0)]
    public void Takes_what_is_in_range(string text, int timeout, int wait) => Assert.Equal(
        (new HookSettings(TimeSpan.FromMilliseconds(timeout), TimeSpan.FromMilliseconds(wait)), HookSettingsFault.None),
        Parse(text));

    [Theory]
    [InlineData("9999")]
    [InlineData("60000001")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1s")]
    [InlineData("1000000 ")]
    [InlineData("99999999999999999999999999")]
    public void A_bad_timeout_is_the_default_and_said(string value) => Assert.Equal(
        (new HookSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), HookSettingsFault.Timeout),
        Parse($"PROLOG_WAIT_USEC=2000000\nTIMEOUT_USEC={value}\n"));

    [Theory]
    [InlineData("600000001")]
    [InlineData("-1")]
    [InlineData("never")]
    public void A_bad_wait_is_the_default_and_said(string value) => Assert.Equal(
        (new HookSettings(TimeSpan.FromMilliseconds(500), TimeSpan.Zero), HookSettingsFault.PrologWait),
        Parse($"TIMEOUT_USEC=500000\nPROLOG_WAIT_USEC={value}"));

    [Fact]
    public void A_missing_file_is_no_fault_and_an_unreadable_one_is()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(HookSettings.Default, HookSettings.Read(folder["hook.conf"], out HookSettingsFault fault));
        Assert.Equal(HookSettingsFault.None, fault);

        Directory.CreateDirectory(folder["hook.conf"]);
        Assert.Equal(HookSettings.Default, HookSettings.Read(folder["hook.conf"], out fault));
        Assert.Equal(HookSettingsFault.Unreadable, fault);

        File.WriteAllText(folder["real"], "TIMEOUT_USEC=20000\n");
        Assert.Equal(TimeSpan.FromMilliseconds(20), HookSettings.Read(folder["real"], out fault).Timeout);
        File.CreateSymbolicLink(folder["link"], folder["real"]);
        Assert.Equal(HookSettings.Default, HookSettings.Read(folder["link"], out fault));
        Assert.Equal(HookSettingsFault.Unreadable, fault);
    }

    private static (HookSettings Settings, HookSettingsFault Fault) Parse(string text) =>
        (HookSettings.Parse(Encoding.ASCII.GetBytes(text), out HookSettingsFault fault), fault);
}
