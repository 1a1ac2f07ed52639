namespace HookAgent.Tests;

/// <summary>A real bus of a test's own, beside the system's: dbus-daemon unless another kind is asked for.</summary>
public sealed class PrivateBus : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly List<IDisposable> _besides = [];
    private readonly Func<Child> _start;
    private Child _bus;

    public PrivateBus()
        : this("")
    {
    }

    private PrivateBus(string policy)
        : this(new TemporaryFolder(), "dbus-daemon", policy, services: "") => _besides.Add(_folder);

    private PrivateBus(TemporaryFolder folder, string kind, string policy, string services)
    {
        _folder = folder;
        Configure(policy, services);
        _start = kind switch
        {
            "dbus-daemon" => StartDaemon,
            "dbus-broker" => StartBroker,
            _ => throw new ArgumentException(kind),
        };
        _bus = _start();
    }

    /// <summary>With rules that take away from a bus on which everything is allowed.</summary>
    public static PrivateBus WithPolicy(string policy) => new(policy);

    /// <summary>
    /// "dbus-daemon" or "dbus-broker", its socket "bus" in the test's folder. The daemon's name can be activated: then the file
    /// "activated" is there.
    /// </summary>
    internal static PrivateBus In(TemporaryFolder folder, string kind = "dbus-daemon") => new(folder, kind, "", Trap(folder));

    public string Socket => _folder["bus"];

    public string Address => $"unix:path={Socket}";

    public string Busctl(params string[] arguments) => Child.Run("busctl", [$"--address={Address}", .. arguments]);

    public void Kill() => _bus.Kill();

    /// <summary>Another bus at the same address, after <see cref="Kill"/>.</summary>
    public void Restart()
    {
        _bus.Dispose();
        File.Delete(Socket);
        _bus = _start();
    }

    /// <summary>Lets other users than ours reach it.</summary>
    public void OpenToEverybody() => File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED);

    public void Stop() => _bus.Stop();

    public void Continue() => _bus.Continue();

    public void Dispose()
    {
        _bus.Dispose();
        _besides.ForEach(part => part.Dispose());
    }

    private Child StartDaemon()
    {
        Child daemon = new("dbus-daemon", $"--config-file={_folder["bus.conf"]}", "--nofork", "--print-address=1");

        // It prints the address once it listens.
        daemon.ReadLine();
        return daemon;
    }

    /// <summary>
    /// dbus-broker's launcher wants its socket from systemd, journald's socket at its place and a bus on which
    /// it could find systemd. It gets the first two in a mount namespace, and a dbus-daemon for the third.
    /// </summary>
    private Child StartBroker()
    {
        PrivateBus other = new();
        FakeJournal journal = new(_folder["broker-journal"]);
        _besides.AddRange([journal, other]);
        string script =
            $"""
            mount -t tmpfs none /run && mkdir -p /run/systemd/journal && touch /run/systemd/journal/socket &&
            mount --bind {journal.Path} /run/systemd/journal/socket &&
            exec systemd-socket-activate -E DBUS_SESSION_BUS_ADDRESS={other.Address} -l {Socket} \
                dbus-broker-launch --scope user --config-file {_folder["bus.conf"]}
            """;
        Child broker = new("unshare", "--mount", "--propagation", "private", "sh", "-c", script);
        for (int i = 0; i < 400 && !File.Exists(Socket); i++)
        {
            Thread.Sleep(25);
        }

        Assert.True(File.Exists(Socket), $"no socket; it said:\n{broker.Story}");
        return broker;
    }

    /// <summary>A service that only shows that it was activated; what the configuration says of it.</summary>
    private static string Trap(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["services"]);
        File.WriteAllText(
            folder["services/org.hookagent.Node1.service"],
            $"[D-BUS Service]\nName=org.hookagent.Node1\nExec=/bin/touch {folder["activated"]}\nUser=root\n");
        return $"<servicedir>{folder["services"]}</servicedir>";
    }

    private void Configure(string policy, string services) => File.WriteAllText(_folder["bus.conf"], $"""
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
          "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>session</type>
          <listen>{Address}</listen>
          <auth>EXTERNAL</auth>
          {services}
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
}
