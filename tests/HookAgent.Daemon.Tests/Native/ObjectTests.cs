using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>The object on the bus, called with busctl.</summary>
public sealed class ObjectTests
{
    private const string Start = "call StartUnit wasimoff-provider.service fail";
    private const string Stop = "call StopUnit wasimoff-provider.service replace";
    private const string InvalidArgs = "Call failed: ";

    [Fact]
    public void A_hold_stops_the_provider_and_outlasts_the_daemon_until_it_is_released()
    {
        using TestNode node = TestNode.Lent();
        node.Call("Hold", "stbs", "disk swap", "0", "false", "alice");
        node.Expect(Stop, "state reclaiming stop-asked", "state held operator-hold");
        node.UntilTold("Held until released by root (sudo: alice): \"disk swap\"");
        Assert.Equal("s \"disk swap\"", node.Get("HoldReason"));
        Assert.Equal("s \"operator\"", node.Get("HeldBy"));
        Assert.Equal("t 0", node.Get("HoldUntil"));
        node.Daemon.Kill();
        node.Expect("agent gone");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        Assert.Equal("s \"held\"", node.Get("State"));
        Assert.Equal("s \"root (sudo: alice)\"", node.Get("HoldUser"));
        node.Call("Release", "s", "bob");
        node.Expect("state settling idle-delay", Start);
        node.UntilTold("Hold released by root (sudo: bob).");
        node.Call("Release");
    }

    /// <summary>Whatever a site's policy lets through.</summary>
    [Fact]
    public void By_everybodys_name_the_node_is_read_and_nothing_else()
    {
        using TestNode node = TestNode.Lent();
        string[] properties = ["--json=short", "call", "org.hookagent.Status1", "/org/hookagent/Node1", "org.freedesktop.DBus.Properties", "GetAll", "s", "org.hookagent.Node1"];
        Assert.Equal(node.Busctl(0, [.. properties.Select(static word => word == "org.hookagent.Status1" ? "org.hookagent.Node1" : word)]), node.Busctl(0, properties));
        string said = node.Busctl(1, "call", "org.hookagent.Status1", "/org/hookagent/Node1", "org.hookagent.Node1", "Hold", "stb", "theirs", "0", "false");
        Assert.Contains("Hold", said, StringComparison.Ordinal);
        node.Busctl(1, "call", "org.hookagent.Status1", "/org/hookagent/Node1", "org.hookagent.Node1", "RecordFailed", "s", "17");
        Assert.Equal("s \"running\"", node.Get("Reason"));
    }

    [Fact]
    public void A_hold_with_an_end_ends()
    {
        using TestNode node = TestNode.Lent();
        node.Call("Hold", "stb", "", "400000", "false");
        node.Expect(Stop, "state reclaiming stop-asked", "state held operator-hold", "state settling idle-delay", Start);
    }

    [Theory]
    [InlineData("true", "operator-hold")]
    [InlineData("false", "running")]
    public void Only_a_persistent_hold_outlasts_a_reboot(string persistent, string reason)
    {
        using TestNode node = TestNode.Lent();
        node.Call("Hold", "stb", "disk swap", "0", persistent);
        node.Expect(Stop, "state reclaiming stop-asked", "state held operator-hold");
        node.Daemon.Kill();
        node.Expect("agent gone");
        File.WriteAllText($"{node.RunDirectory}/boot-id", "00000000000000000000000000000002\n");
        node.StartDaemon();
        node.Expect("agent there");
        node.Until(() => node.Get("Reason") == $"s \"{reason}\"", reason);
    }

    [Fact]
    public void A_job_without_a_record_makes_the_node_unknown_until_it_ends()
    {
        using TestNode node = TestNode.Lent();
        node.Call("RecordFailed", "s", "17");
        node.Expect(Stop, "state reclaiming stop-asked", "state unknown job-without-record");
        node.Daemon.Kill();
        node.Expect("agent gone");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
        node.Call("JobEnded", "s", "17");
        node.Expect("state settling idle-delay", Start);
    }

    [Fact]
    public void Forget_drops_a_record()
    {
        using TestNode node = TestNode.Lent();
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.Call("Forget", "ss", "18", "");
        node.Call("Forget", "ss", "17", "");
        node.Call("Forget", "ss", "17", "1:1");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
        Assert.True(File.Exists($"{node.RunDirectory}/jobs/17"));
        node.Call("Forget", "ss", "17", node.Meant(17));
        Assert.False(File.Exists($"{node.RunDirectory}/jobs/17"));
        node.Expect("state settling idle-delay", Start);
    }

    [Theory]
    [InlineData("Forget", "s", "17")]
    [InlineData("Reconciled", "as", "0")]
    public void A_hookctl_of_before_is_told_what_to_do(string method, params string[] arguments)
    {
        using TestNode node = new();
        node.StartDaemon();
        node.Until(() => node.Busctl(0, "list", "--acquired").Contains("org.hookagent.Node1", StringComparison.Ordinal), "the daemon");
        Assert.Contains("is older than this hookagentd: install both from one package", node.Refused(method, arguments), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_Slurms_drops_the_records_that_are_meant_and_no_others()
    {
        using TestNode node = TestNode.Lent();
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.Record(18);
        node.Record(19);
        string earlier = node.Meant(18);
        node.Record(18);
        node.Call("Reconciled", "asa{ss}", "0", "3", "17", node.Meant(17), "18", earlier, "20", "7:1");
        Assert.Equal("as 2 \"18\" \"19\"", node.Get("Jobs"));
        Assert.Equal([".complete", "18", "19"], Directory.GetFileSystemEntries($"{node.RunDirectory}/jobs").Select(file => Path.GetFileName(file)!).Order());
    }

    [Fact]
    public void A_record_that_a_killed_daemon_had_taken_is_put_back()
    {
        using TestNode node = new();
        node.Record(17);
        File.Move($"{node.RunDirectory}/jobs/17", $"{node.RunDirectory}/jobs/.17.taken");
        node.StartSystemd();
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
        Assert.True(File.Exists($"{node.RunDirectory}/jobs/17"));
    }

    [Fact]
    public void A_directory_of_after_boot_is_believed_by_its_proof_and_not_by_a_list_of_Slurms_alone()
    {
        using TestNode node = new();
        File.Delete($"{node.RunDirectory}/jobs/.complete");

        // Where 0.1.0 had it, it proves nothing: the directory may be another.
        File.WriteAllText($"{node.RunDirectory}/made-at-boot", "");
        node.StartSystemd();
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        node.Until(() => node.Get("Reason") == "s \"directory-unproven\"", "the doubt");
        Assert.Contains("not a job id", node.Refused("Reconciled", "asa{ss}", "2", "17", "x", "0"), StringComparison.Ordinal);
        Assert.Equal("as 0", node.Get("Jobs"));
        node.Call("Reconciled", "asa{ss}", "2", "17", "18", "0");
        Assert.Equal("as 2 \"17\" \"18\"", node.Get("Jobs"));
        node.Call("Reconciled", "asa{ss}", "1", "18", "0");
        node.Call("JobEnded", "s", "18");
        Assert.Equal("s \"directory-unproven\"", node.Get("Reason"));
        File.WriteAllText($"{node.RunDirectory}/jobs/.complete", "reconciled\n");
        node.Call("Refresh");
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
    }

    /// <summary>As systemd-tmpfiles --create --remove --boot does, run by hand beside a job.</summary>
    [Fact]
    public void A_boot_of_tmpfiles_beside_a_running_agent_is_not_believed_nor_by_the_next_agent()
    {
        using TestNode node = TestNode.Lent();
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        string proof = $"{node.RunDirectory}/jobs/.complete";
        string boot = File.ReadAllText(proof);
        File.Delete(proof);
        node.EndRecord(17);
        File.WriteAllText(proof, boot);
        node.Expect("state unknown directory-unproven");
        node.UntilTold("nothing has booted");
        node.Until(() => !File.Exists(proof), "the proof's end");

        node.Daemon.Kill();
        node.Expect("agent gone");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        node.Until(() => node.Get("Reason") == "s \"directory-unproven\"", "the doubt");
    }

    [Fact]
    public void Refresh_reads_everything_again()
    {
        using TestNode node = TestNode.Lent();
        int before = Reads(node);
        node.Call("Refresh");
        node.Until(() => Reads(node) > before, "a reading");
        node.Record(17);
        node.Call("Refresh");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
    }

    [Theory]
    [InlineData("JobStarted", "s", "x")]
    [InlineData("JobStarted", "u", "17")]
    [InlineData("JobStarted", "s", "../17")]
    [InlineData("JobStarted", "ss", "17", "18")]
    [InlineData("JobEnded")]
    [InlineData("RecordFailed", "s", "0")]
    [InlineData("Forget", "ss", "4294967294", "")]
    [InlineData("Forget", "ss", "17", "7")]
    [InlineData("Reconciled", "asa{ss}", "0", "1", "17", "x")]
    [InlineData("Hold", "s", "why")]
    [InlineData("Hold", "stb", "two\nlines", "0", "false")]
    [InlineData("Hold", "stbs", "", "0", "false", "two words")]
    [InlineData("Release", "s", "two\nlines")]
    [InlineData("Release", "t", "1")]
    [InlineData("Retry", "s", "now")]
    [InlineData("Refresh", "b", "true")]
    [InlineData("Reconciled", "s", "17")]
    public void What_is_not_in_the_contract_is_refused_and_changes_nothing(string method, params string[] arguments)
    {
        using TestNode node = new();
        node.StartDaemon();
        node.Until(() => node.Bus.Busctl("list").Contains("org.hookagent.Node1", StringComparison.Ordinal), "the name");
        Assert.StartsWith(InvalidArgs, node.Refused(method, arguments), StringComparison.Ordinal);
        Assert.Equal("as 0", node.Get("Jobs"));
        Assert.Equal("s \"\"", node.Get("HeldBy"));
    }

    [Fact]
    public void Errors_have_the_names_of_the_specification()
    {
        using TestNode node = TestNode.Lent();
        const string script = """
            import dbus, sys
            bus = dbus.bus.BusConnection(sys.argv[1])
            for words in sys.argv[2:]:
                interface, member, signature, *arguments = words.split()
                arguments = [dbus.UInt64(a) if s == "t" else dbus.String(a, variant_level=1 if s == "v" else 0) for s, a in zip(signature.strip("-"), arguments)]
                try:
                    bus.call_blocking("org.hookagent.Node1", "/org/hookagent/Node1", interface, member, signature.strip("-"), arguments)
                    print("fine")
                except dbus.DBusException as e:
                    print(e.get_dbus_name())
            """;
        const string properties = "org.freedesktop.DBus.Properties";
        string said = Child.Run(
            "/usr/bin/python3", "-c", script, node.Bus.Address,
            "org.hookagent.Node1 JobStarted t 17",
            "org.hookagent.Node1 NoSuch -",
            $"{properties} Get ss org.hookagent.Node1 NoSuch",
            $"{properties} Get ss org.example State",
            $"{properties} Get s State",
            $"{properties} Set ssv org.hookagent.Node1 State lending",
            $"{properties} GetAll s org.example",
            $"{properties} GetAll s org.hookagent.Node1",
            "org.freedesktop.DBus.Peer Ping -");
        const string error = "org.freedesktop.DBus.Error.";
        Assert.Equal(
            [error + "InvalidArgs", error + "UnknownMethod", error + "UnknownProperty", error + "UnknownInterface", error + "InvalidArgs",
             error + "PropertyReadOnly", error + "UnknownInterface", "fine", "fine"],
            said.Split('\n'));
    }

    /// <summary>As much as a bus passes on, by one message; the last of them would be more than the agent's whole heap.</summary>
    [Fact]
    public void Oversized_calls_are_passed_over_and_cost_no_memory()
    {
        using TestNode node = TestNode.Lent();
        const string script = """
            import dbus, sys
            from dbus.lowlevel import MethodCallMessage
            bus = dbus.bus.BusConnection(sys.argv[1])
            def send(interface, member, signature, *arguments):
                call = MethodCallMessage("org.hookagent.Node1", "/org/hookagent/Node1", interface, member)
                call.append(*arguments, signature=signature)
                bus.send_message(call)
                bus.flush()
            much = 31 * 1024 * 1024
            node = "org.hookagent.Node1"
            send(node, "JobStarted", "s", "9" * much)
            send(node, "JobEnded", "s", "9" * much)
            send(node, "Hold", "stb", "x" * much, dbus.UInt64(0), False)
            send("org.freedesktop.DBus.Properties", "Get", "ss", "x" * (much // 2), "y" * (much // 2))
            none = dbus.Dictionary({}, signature="ss")
            send(node, "Reconciled", "asa{ss}", ["1"] * 2_000_000, none)
            send(node, "Reconciled", "asa{ss}", ["1" * 65536] * 400, none)
            send(node, "Reconciled", "asa{ss}", dbus.Array([], signature="s"), {str(job): "1:1" for job in range(1, 200_000)})
            print(bus.call_blocking(node, "/org/hookagent/Node1", node, "Refresh", "", (), timeout=60))
            """;
        Assert.Equal("None", Child.Run("/usr/bin/python3", "-c", script, node.Bus.Address).Trim());
        Assert.Equal("s \"lending\"", node.Get("State"));
        Assert.Equal("as 0", node.Get("Jobs"));
        Assert.InRange(Kibibytes(node.Daemon, "VmHWM"), 0, 14 * 1024);
    }

    /// <summary>The largest that are read: below the limit, refused by what is in them.</summary>
    [Fact]
    public void Large_calls_are_refused_and_cost_little_memory()
    {
        using TestNode node = TestNode.Lent();
        const string script = """
            import dbus, sys
            bus = dbus.bus.BusConnection(sys.argv[1])
            def call(interface, member, signature, *arguments):
                try:
                    bus.call_blocking("org.hookagent.Node1", "/org/hookagent/Node1", interface, member, signature, arguments, timeout=60)
                    print(member, "fine", flush=True)
                except dbus.DBusException as e:
                    print(member, e.get_dbus_name(), flush=True)
                    assert len(e.get_dbus_message()) < 1000, len(e.get_dbus_message())
            much = 128 * 1024 - 4096
            node = "org.hookagent.Node1"
            none = dbus.Dictionary({}, signature="ss")
            for time in range(20):
                call(node, "JobStarted", "s", "9" * much)
                call(node, "JobEnded", "s", "9" * much)
                call(node, "Hold", "stb", "x" * much, dbus.UInt64(0), False)
                call("org.freedesktop.DBus.Properties", "Get", "ss", "x" * (much // 2), "y" * (much // 2))
                call(node, "Reconciled", "asa{ss}", ["99999999999"] * (much // 16), none)
            """;
        const string refused = "org.freedesktop.DBus.Error.InvalidArgs";
        string[] round = [$"JobStarted {refused}", $"JobEnded {refused}", $"Hold {refused}", "Get org.freedesktop.DBus.Error.UnknownInterface", $"Reconciled {refused}"];
        Assert.Equal(Enumerable.Repeat(round, 20).SelectMany(lines => lines), Child.Run("/usr/bin/python3", "-c", script, node.Bus.Address).Split('\n'));
        Assert.InRange(Kibibytes(node.Daemon, "VmHWM"), 0, 14 * 1024);
    }

    private static int Kibibytes(Child process, string what) => int.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith($"{what}:", StringComparison.Ordinal))[(what.Length + 1)..]
            .Replace("kB", "", StringComparison.Ordinal),
        System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("Hold", "stb", "mine", "0", "false")]
    [InlineData("Release")]
    [InlineData("Retry")]
    [InlineData("Refresh")]
    [InlineData("Forget", "ss", "17", "")]
    [InlineData("Reconciled", "asa{ss}", "1", "18", "0")]
    [InlineData("RecordFailed", "s", "18")]
    [InlineData("JobEnded", "s", "17")]
    public void Others_than_root_are_refused_and_named(string method, params string[] arguments)
    {
        using TestNode node = TestNode.Lent();
        node.Call("RecordFailed", "s", "17");
        node.Expect(Stop, "state reclaiming stop-asked", "state unknown job-without-record");
        node.Bus.OpenToEverybody();
        Assert.Contains("Access denied", Stranger(node, 1, method, arguments), StringComparison.Ordinal);
        node.UntilTold($"Refused {method} to user 65534");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
        Assert.Equal("s \"\"", node.Get("HeldBy"));
    }

    /// <summary>A nudge carries no authority: the record decides. Where there is none, the caller's word would be all there is.</summary>
    [Fact]
    public void Anybody_may_nudge_and_changes_nothing_by_it()
    {
        using TestNode node = TestNode.Lent();
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.Bus.OpenToEverybody();
        Stranger(node, 0, "JobStarted", "s", "18");
        Stranger(node, 0, "JobEnded", "s", "17");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
    }

    private static string Stranger(TestNode node, int exitCode, string method, params string[] arguments)
    {
        using Child call = new(
            "setpriv",
            ["--reuid=65534", "--clear-groups", "busctl", $"--address={node.Bus.Address}", "call", NodeContract.BusName, NodeContract.ObjectPath, NodeContract.Interface, method, .. arguments]);
        call.ExpectExit(exitCode);
        return call.Story;
    }

    [Fact]
    public void It_describes_itself()
    {
        using TestNode node = TestNode.Lent();
        string[] lines = node.Busctl(0, "--list", "introspect", NodeContract.BusName, NodeContract.ObjectPath).Split('\n');
        Assert.All(NodeProperty.All, property => Assert.Contains(lines, line => line.StartsWith($".{property.Name} ", StringComparison.Ordinal) && line.Contains(" property ", StringComparison.Ordinal)));
        Assert.All(Constants(typeof(NodeMethod)), name => Assert.Contains(lines, line => line.StartsWith($".{name} ", StringComparison.Ordinal) && line.Contains(" method ", StringComparison.Ordinal)));
        Assert.Contains(NodeContract.ObjectPath, node.Busctl(0, "--list", "tree", NodeContract.BusName), StringComparison.Ordinal);
    }

    [Fact]
    public void It_tells_what_changed_and_nothing_else()
    {
        using TestNode node = TestNode.Lent();
        int before = node.Systemd.Changes.Count;
        node.Record(17);
        node.Systemd.Until("state busy jobs-recorded");
        JsonObject[] changes = [.. node.Systemd.Changes.Skip(before)];
        Assert.Equal(["Jobs", "JobsSeen", "Reason", "Since", "State"], changes[0].Select(change => change.Key));
        Assert.Equal("""["17"]""", changes[0]["Jobs"]!.ToJsonString());
        Assert.DoesNotContain(changes, change => change.ContainsKey("Unit") || change.ContainsKey("Version") || change.ContainsKey("HeldBy"));
        Assert.Equal($"t {changes[^1]["LastHandoverUSec"]}", node.Get("LastHandoverUSec"));
        Assert.Equal(("inactive", 1), ((string)changes[^1]["UnitState"]!, (int)changes[^1]["ProviderStops"]!));
    }

    private static IEnumerable<string> Constants(Type type) => type.GetFields().Select(field => (string)field.GetRawConstantValue()!);

    private static int Reads(TestNode node) => node.Systemd.Story.Split('\n').Count(line => line == "read");
}
