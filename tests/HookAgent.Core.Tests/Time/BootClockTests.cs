using System.Globalization;
using HookAgent.Core.Time;
using HookAgent.Tests;

namespace HookAgent.Core.Tests.Time;

public sealed class BootClockTests
{
    [Fact]
    public void Tells_the_time_since_boot_and_goes_on()
    {
        BootClock clock = new();
        BootTime first = BootTime.Now(clock);
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        BootTime last = BootClock.Now();

        // /proc/uptime is CLOCK_BOOTTIME in hundredths, cut off.
        Assert.InRange(uptime, (first.Microseconds / 1e6) - 0.01, last.Microseconds / 1e6);
        Assert.Equal(1_000_000_000, clock.TimestampFrequency);
    }

    [Fact]
    public void Reads_the_boot_id_of_the_kernel()
    {
        string expected = File.ReadAllText(BootId.KernelPath).Trim().Replace("-", "", StringComparison.Ordinal);
        BootId? boot = BootId.Read(BootId.KernelPath, out int errno);
        Assert.Equal(expected, boot.ToString());
        Assert.Equal(0, errno);
        Span<byte> digits = stackalloc byte[BootId.Digits];
        boot!.Value.Format(digits);
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(digits));
    }

    [Fact]
    public void Says_why_there_is_no_boot_id()
    {
        using TemporaryFolder folder = new();
        Assert.Null(BootId.Read(folder["none"], out int errno));
        Assert.Equal(2, errno);
        File.WriteAllText(folder["short"], "0123-4567\n");
        Assert.Null(BootId.Read(folder["short"], out errno));
        Assert.Equal(0, errno);
    }
}
