using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Status;

public sealed class StatusCommandTests : IDisposable
{
    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Shows_what_the_daemon_says()
    {
        _node.StartDaemon();

        Hookctl run = Hookctl.Run(["status", .. _node.Options]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Errors);
        Assert.StartsWith("    Node: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nHandover: provider gone after 231 ms\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_unit_uses_is_asked_of_systemd()
    {
        _node.StartDaemon();
        _node.StartSystemd(new JsonObject
        {
            ["wasimoff-provider.service"] = new JsonObject
            {
                ["Unit"] = new JsonObject { ["ActiveState"] = "active" },
                ["Service"] = new JsonObject { ["MemoryCurrent"] = 178_782_208, ["CPUUsageNSec"] = 12_345_678_000 },
            },
        });

        JsonNode json = JsonNode.Parse(Hookctl.Run(["status", "--json", .. _node.Options]).Output)!;

        Assert.Equal(178_782_208, json["memory_bytes"]!.GetValue<long>());
        Assert.Equal(12_345_678, json["cpu_usec"]!.GetValue<long>());
    }

    [Fact]
    public void What_systemd_does_not_measure_is_null()
    {
        _node.StartDaemon();
        _node.StartSystemd(new JsonObject
        {
            ["wasimoff-provider.service"] = new JsonObject
            {
                ["Unit"] = new JsonObject { ["ActiveState"] = "inactive" },
                ["Service"] = new JsonObject { ["MemoryCurrent"] = ulong.MaxValue, ["CPUUsageNSec"] = ulong.MaxValue },
            },
        });

        JsonNode json = JsonNode.Parse(Hookctl.Run(["status", "--json", .. _node.Options]).Output)!;

        Assert.Null(json["memory_bytes"]);
        Assert.Null(json["cpu_usec"]);
    }

    [Fact]
    public void Json_carries_the_same()
    {
        _node.StartDaemon();

        Hookctl run = Hookctl.Run(["status", "--json", .. _node.Options]);

        JsonNode json = JsonNode.Parse(run.Output)!;
        Assert.Equal("running", json["reason"]!.GetValue<string>());
        Assert.Equal(3, json["counters"]!["provider_starts"]!.GetValue<int>());
    }

    [Fact]
    public void No_daemon_is_told_with_the_command_that_starts_it()
    {
        Hookctl run = Hookctl.Run(["status", .. _node.Options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Equal("hookctl: hookagentd does not run on this node; start it with 'systemctl start hookagentd'; where it does not stay, 'hookctl doctor' says why\n", run.Errors);
    }

    [Fact]
    public void A_daemon_that_hangs_is_not_waited_for_without_end()
    {
        _node.StartDaemon();
        _node.FreezeDaemon();

        Hookctl run = Hookctl.Run(["status", .. _node.Options]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("hookctl: hookagentd did not answer within 5 s; see 'systemctl status hookagentd'", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void No_node_is_told()
    {
        Hookctl run = Hookctl.Run("status", "--bus", "unix:path=/nonexistent/bus");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("hookctl: the system bus at unix:path=/nonexistent/bus cannot be reached (No such file or directory); see 'systemctl status dbus'\n", run.Errors);
    }
}
