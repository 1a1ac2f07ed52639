using System.Globalization;
using HookAgent.Bus;

namespace HookAgent.Ctl.Doctor;

/// <summary>The way of a message: the bus, who may send what, the daemon at its end, and how long it takes.</summary>
internal static class BusCheck
{
    /// <summary>A tenth of a second is a hundred times what the daemon needs, and every Prolog waits it out.</summary>
    private const long SlowUsec = 100_000;

    private static readonly string[] PolicyFolders = ["/usr/share/dbus-1/system.d", "/etc/dbus-1/system.d"];

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        yield return OfPolicy(facts.Root);
        const string check = "round-trip";
        if (facts.BusProblem is { } problem)
        {
            yield return Finding.Fault(check, problem, "systemctl start dbus.socket");
        }
        else if (!facts.Answer.IsOk)
        {
            yield return Finding.Fault(check, DaemonLink.Sentence(facts.Answer), facts.Answer.Outcome == NodeOutcome.NoAnswer ? "systemctl restart hookagentd" : "systemctl start hookagentd");
        }
        else if (facts.RoundTripUsec is not { } usec)
        {
            yield return Finding.Fault(check, "hookagentd went away while it was asked", "systemctl status hookagentd");
        }
        else
        {
            string took = $"{usec.ToString(CultureInfo.InvariantCulture)} us to hookagentd and back";
            yield return usec < SlowUsec
                ? Finding.Ok(check, took)
                : Finding.Warning(check, $"{took}, which every Prolog waits", "see what keeps this node busy: 'systemd-cgtop', 'journalctl -u hookagentd'");
        }
    }

    private static Finding OfPolicy(SystemRoot root)
    {
        const string check = "bus-policy";
        const string file = $"{NodeContract.BusName}.conf";
        string? path = PolicyFolders.Select(static folder => $"{folder}/{file}").FirstOrDefault(root.IsFile);
        if (path is null)
        {
            return Finding.Fault(check, $"there is no {PolicyFolders[0]}/{file}: the bus lets hookagentd have no name", "apt install --reinstall hookagent");
        }

        return root.TryReadText(path, out string? problem) is not { } text
            ? Finding.Unseen(check, $"{path} cannot be read: {problem}")
            : text.Contains($"<deny send_destination=\"{NodeContract.BusName}\"/>", StringComparison.Ordinal)
                ? Finding.Ok(check, path)
                : Finding.Warning(check, $"{path} does not deny others than root to call hookagentd", "apt install --reinstall -o Dpkg::Options::=--force-confask hookagent, and systemctl reload dbus");
    }
}
