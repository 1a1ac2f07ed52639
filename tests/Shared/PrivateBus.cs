using HookAgent.Bus.Wire;

namespace HookAgent.Tests;

/// <summary>A dbus-daemon of the test's own, in a folder of its own, that goes away with it.</summary>
public sealed class PrivateBus : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hookagent-bus-").FullName;
    private Child _daemon;

    public PrivateBus()
        : this("")
    {
    }

    private PrivateBus(string policy)
    {
        string configuration = Path.Combine(_folder, "bus.conf");
        File.WriteAllText(configuration, $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>unix:path={_folder}/socket</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/>
                <allow send_destination="*" eavesdrop="false"/>
                <allow receive_sender="*"/>
                <allow own="*"/>
                {policy}
              </policy>
              <limit name="max_replies_per_connection">50000</limit>
              <limit name="max_match_rules_per_connection">50000</limit>
            </busconfig>
            """);
        _daemon = Start();
    }

    /// <summary>With rules that take away from a bus on which everything is allowed.</summary>
    public static PrivateBus WithPolicy(string policy) => new(policy);

    public string Address => $"unix:path={_folder}/socket";

    public BusConnection Open()
    {
        bool open = BusConnection.TryOpen(Address, TimeSpan.FromSeconds(20), out BusConnection? bus, out int errno);
        Assert.True(open, $"errno {errno}");
        return bus!;
    }

    public string Busctl(params string[] arguments) => Child.Run("busctl", [$"--address={Address}", .. arguments]);

    public void Kill() => _daemon.Kill();

    /// <summary>Another bus at the same address, after <see cref="Kill"/>.</summary>
    public void Restart()
    {
        _daemon.Dispose();
        File.Delete($"{_folder}/socket");
        _daemon = Start();
    }

    /// <summary>Lets other users than ours reach it.</summary>
    public void OpenToEverybody() => File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);

    public void Stop() => _daemon.Stop();

    public void Continue() => _daemon.Continue();

    public void Dispose()
    {
        _daemon.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Child Start()
    {
        Child daemon = new("dbus-daemon", $"--config-file={_folder}/bus.conf", "--nofork", "--print-address=1");

        // It prints the address once it listens.
        daemon.ReadLine();
        return daemon;
    }
}
