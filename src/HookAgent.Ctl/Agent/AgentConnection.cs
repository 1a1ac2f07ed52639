using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Bus.Wire;
using HookAgent.Core.Text;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Agent;

/// <summary>The connection to the agent, and what to tell an operator when it fails.</summary>
internal sealed class AgentConnection : IDisposable
{
    /// <summary>The agent answers within a millisecond. One that has not answered after this time hangs.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>An agent that was just started is on the bus within about ten milliseconds, systemd within about a hundred.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);

    private readonly BusConnection _bus;

    private AgentConnection(BusConnection bus)
    {
        _bus = bus;
        Node = new NodeProxy(bus, Timeout);
    }

    public NodeProxy Node { get; }

    /// <summary>The connection itself, for those who listen on it.</summary>
    public BusConnection Bus => _bus;

    /// <summary>A unit's settings and use of resources; null where systemd does not answer, or for no name.</summary>
    public UnitSettings? ReadUnit(string unit)
    {
        // systemd is not on the bus while it executes itself anew (systemctl daemon-reexec).
        UnitSettings? settings = null;
        if (unit.Length > 0)
        {
            Await(() => (settings = UnitSettings.Read(_bus, unit, Timeout)) is not null);
        }

        return settings;
    }

    /// <summary>The names of the units that systemd has loaded of a pattern; null where it does not answer.</summary>
    public IReadOnlyList<string>? FindUnits(string pattern)
    {
        BusAnswer<IReadOnlyList<UnitListEntry>> answer = default;
        Await(() => (answer = Bus.Call<IReadOnlyList<UnitListEntry>>(ManagerCalls.ListMatchingUnits(pattern), Timeout, UnitListEntry.TryReadAll)).IsSuccess);
        return answer.IsSuccess ? [.. answer.Value.Where(static row => row.IsThere).Select(static row => row.Name)] : null;
    }

    /// <summary>Opens the bus; where that fails, <paramref name="sentence"/> says why and what to do.</summary>
    public static bool TryOpen(string? address, [NotNullWhen(true)] out AgentConnection? agent, [NotNullWhen(false)] out string? sentence)
    {
        address ??= BusConnection.SystemBusAddress;
        if (BusConnection.TryOpen(address, Timeout, out BusConnection? bus, out int errno))
        {
            agent = new AgentConnection(bus);
            agent.AwaitStart();
            sentence = null;
            return true;
        }

        agent = null;
        sentence = $"the system bus at {address} cannot be reached ({Marshal.GetPInvokeErrorMessage(errno)}); see 'systemctl status dbus'";
        return false;
    }

    /// <summary>Opens the bus for one action, and closes it; where that fails, says why. Returns the exit code.</summary>
    public static int Use(string? address, Terminal terminal, Func<AgentConnection, int> action)
    {
        if (!TryOpen(address, out AgentConnection? agent, out string? sentence))
        {
            return terminal.Fail(sentence);
        }

        using (agent)
        {
            return action(agent);
        }
    }

    /// <summary>
    /// hookagentd is started, for systemd, before it is on the bus, because it waits for no bus. So one that systemd
    /// calls active and that is not on the bus yet is waited for.
    /// </summary>
    private void AwaitStart()
    {
        if (Node.Ping().Outcome is not NodeOutcome.NoDaemon || ReadUnit("hookagentd.service") is not { ActiveState: "active" })
        {
            return;
        }

        Await(() => Node.Ping().Outcome is not NodeOutcome.NoDaemon);
    }

    /// <summary>Waits until it is so, for as long as a program that was just started may take to be on the bus.</summary>
    private static void Await(Func<bool> so)
    {
        long began = Stopwatch.GetTimestamp();
        while (!so() && Stopwatch.GetElapsedTime(began) < StartTimeout)
        {
            Thread.Sleep(20);
        }
    }

    /// <summary>Why a call did not succeed, and what to do about it.</summary>
    public static string Explain(NodeAnswer answer) => answer.Outcome switch
    {
        NodeOutcome.Ok => throw new ArgumentException("the call succeeded", nameof(answer)),
        NodeOutcome.NoBus => "the connection to the system bus was lost; try again",
        NodeOutcome.NoDaemon => "hookagentd does not run on this node; start it with 'systemctl start hookagentd'; where it does not stay, 'hookctl doctor' says why",
        NodeOutcome.NoAnswer =>
            $"hookagentd did not answer within {SpanText.Of(Timeout)}; see 'systemctl status hookagentd' and 'journalctl -u hookagentd'",
        NodeOutcome.NotAllowed when Environment.IsPrivilegedProcess => "the system bus does not let root call hookagentd; 'hookctl doctor' looks at its policy",
        NodeOutcome.NotAllowed => "only root may do this; try it with sudo",
        NodeOutcome.Error => Terminal.Printable($"hookagentd answered with the error {answer.ErrorName}: {answer.ErrorText}"),
    };

    public void Dispose() => _bus.Dispose();
}
