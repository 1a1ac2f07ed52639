using HookAgent.Bus.Wire;

namespace HookAgent.Tests;

/// <summary>Our own library's connection to a bus of the test's.</summary>
internal static class OpenConnection
{
    public static BusConnection Open(this PrivateBus daemon)
    {
        bool open = BusConnection.TryOpen(daemon.Address, TimeSpan.FromSeconds(20), out BusConnection? bus, out int errno);
        Assert.True(open, $"errno {errno}");
        return bus!;
    }
}
