using HookAgent.Tests;

namespace HookAgent.Hook.Tests.Native;

/// <summary>A real bus of a test's own, beside the system's.</summary>
internal sealed class PrivateBus : IDisposable
{
    private readonly List<IDisposable> _parts = [];

    private PrivateBus(string socket, ChildProcess process)
    {
        Socket = socket;
        Process = process;
        _parts.Add(process);
    }

    public string Socket { get; }

    public ChildProcess Process { get; }

    public string Address => "unix:path=" + Socket;

    public static Task<PrivateBus> Start(string kind, TemporaryFolder folder) => kind switch
    {
        "dbus-daemon" => StartDaemon(folder, "bus"),
        "dbus-broker" => StartBroker(folder),
        _ => throw new ArgumentException(kind),
    };

    public void Dispose()
    {
        for (int i = _parts.Count - 1; i >= 0; i--)
        {
            _parts[i].Dispose();
        }
    }

    private static async Task<PrivateBus> StartDaemon(TemporaryFolder folder, string name)
    {
        string configuration = Configure(folder, name);
        ChildProcess process = new("dbus-daemon", $"--config-file={configuration}", "--nofork", "--print-address");
        PrivateBus bus = new(folder[name], process);
        await process.Line();
        return bus;
    }

    /// <summary>
    /// dbus-broker's launcher wants its socket from systemd, journald's socket at its place and a bus on which
    /// it could find systemd. It gets the first two in a mount namespace, and a dbus-daemon for the third.
    /// </summary>
    private static async Task<PrivateBus> StartBroker(TemporaryFolder folder)
    {
        PrivateBus other = await StartDaemon(folder, "other-bus");
        FakeJournal journal = new(folder["broker-journal"]);
        string configuration = Configure(folder, "bus");
        string script =
            $"""
            mount -t tmpfs none /run && mkdir -p /run/systemd/journal && touch /run/systemd/journal/socket &&
            mount --bind {journal.Path} /run/systemd/journal/socket &&
            exec systemd-socket-activate -E DBUS_SESSION_BUS_ADDRESS={other.Address} -l {folder["bus"]} \
                dbus-broker-launch --scope user --config-file {configuration}
            """;
        ChildProcess process = new("unshare", "--mount", "--propagation", "private", "sh", "-c", script);
        PrivateBus bus = new(folder["bus"], process);
        bus._parts.InsertRange(0, [other, journal]);
        for (int i = 0; i < 200 && !File.Exists(bus.Socket); i++)
        {
            await Task.Delay(50);
        }

        return bus;
    }

    /// <summary>Everybody may do everything, and the daemon's name could be activated by whoever asks for it.</summary>
    private static string Configure(TemporaryFolder folder, string name)
    {
        Directory.CreateDirectory(folder["services"]);
        File.WriteAllText(
            folder["services/org.hookagent.Node1.service"],
            $"[D-BUS Service]\nName=org.hookagent.Node1\nExec=/bin/touch {folder["activated"]}\nUser=root\n");
        File.WriteAllText(
            folder[name + ".conf"],
            $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>session</type>
              <listen>unix:path={folder[name]}</listen>
              <auth>EXTERNAL</auth>
              <servicedir>{folder["services"]}</servicedir>
              <policy context="default">
                <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
                <allow receive_type="method_return"/><allow receive_type="error"/>
              </policy>
            </busconfig>
            """);
        return folder[name + ".conf"];
    }
}
