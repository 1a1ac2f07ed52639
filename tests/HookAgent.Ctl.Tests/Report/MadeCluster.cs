using System.Globalization;
using System.Text;
using HookAgent.Core.Journal;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>
/// Files of many nodes on which jobs come and go, each entry with all the fields that a real one has (1 KB).
/// Written as it is made, since it does not fit into memory.
/// </summary>
internal static class MadeCluster
{
    /// <summary>Events of one job and the idle time after it, those below.</summary>
    private const int EventsPerJob = 9;

    /// <summary>Writes at least so many events, a file a node; returns how many it were.</summary>
    public static int Write(string folder, bool json, int nodes, int events, int seed)
    {
        Random random = new(seed);
        int jobs = (events + (nodes * EventsPerJob) - 1) / (nodes * EventsPerJob);
        int written = 0;
        for (int node = 0; node < nodes; node++)
        {
            using StreamWriter file = new(Path.Combine(folder, $"com{node}.{(json ? "json" : "export")}"), append: false, new UTF8Encoding(false), 1 << 20);
            written += new Node(file, json, node, random).Write(jobs);
        }

        return written;
    }

    private sealed class Node(StreamWriter to, bool json, int number, Random random)
    {
        private readonly string _machine = $"{number:x32}";
        private readonly string _boot = $"b{number:x31}";
        private readonly StringBuilder _entry = new();
        private long _now = 20_000_000 + (number * 1_000);
        private int _written;

        public int Write(int jobs)
        {
            Entry(NodeMessageIds.DaemonStarted, "hookagentd 0.1.0 started");
            State("unknown", "settling", "idle-delay", 0);
            for (int job = 1; job <= jobs; job++)
            {
                string id = ((number * 100_000) + job).ToString(CultureInfo.InvariantCulture);
                long settled = Pass(10_000_000, 10_000_001);
                State("settling", "lending", "starting", settled);
                State("lending", "lending", "running", Pass(400_000, 600_000));
                long lent = Pass(2_000_000, 600_000_000);
                Entry(NodeMessageIds.JobAppeared, $"Job {id} has come to this node.", ("SLURM_JOB_ID", id), ("SLURM_JOB_UID", "2000"));
                State("lending", "reclaiming", "stop-asked", lent, ("SLURM_JOB_ID", id), ("SLURM_JOB_UID", "2000"));
                long stop = Pass(2_000, 90_000);
                Entry(NodeMessageIds.ProviderStopped, "wasimoff-provider.service stopped as asked", ("HOOKAGENT_STOP", "clean"), ("HOOKAGENT_LENT_USEC", Text(lent)));
                State("reclaiming", "busy", "jobs-recorded", stop);
                Entry(NodeMessageIds.HandoverDone, $"The node is handed over to job {id}", ("SLURM_JOB_ID", id), ("HOOKAGENT_HANDOVER_USEC", Text(stop + 900)), ("HOOKAGENT_OVERLAP_USEC", Text(stop)));
                long ran = Pass(5_000_000, 900_000_000);
                Entry(NodeMessageIds.JobDisappeared, $"Job {id} has ended on this node.", ("SLURM_JOB_ID", id), ("SLURM_JOB_UID", "2000"));
                State("busy", "settling", "idle-delay", ran, ("SLURM_JOB_ID", id));
            }

            return _written;
        }

        private long Pass(int least, int most)
        {
            long passed = random.Next(least, most);
            _now += passed;
            return passed;
        }

        private void State(string from, string to, string reason, long lasted, params (string, string)[] more) => Entry(
            NodeMessageIds.StateChanged,
            $"{from} -> {to}: The node is idle and the provider is starting, or one of the other sentences.",
            [("CHANGE", $"{from} -> {to}"), ("HOOKAGENT_STATE", to), ("HOOKAGENT_PREVIOUS_STATE", from), ("HOOKAGENT_REASON", reason), ("HOOKAGENT_IN_STATE_USEC", Text(lasted)), ("UNIT", "wasimoff-provider.service"), .. more]);

        private void Entry(string id, string message, params (string Name, string Value)[] fields)
        {
            _written++;
            _now += 40;
            long realtime = (MadeJournal.Morning.ToUnixTimeMilliseconds() * 1000) + _now;
            (string Name, string Value)[] all =
            [
                ("__CURSOR", $"s=9f0c2f0b7a8e4f0f9d7c0b5a3e1d2c4b;i={_written:x};b={_boot};m={_now:x};t={realtime:x};x=5d2c9a7e4b1f3a60"),
                ("__REALTIME_TIMESTAMP", Text(realtime)), ("__MONOTONIC_TIMESTAMP", Text(_now)), ("_BOOT_ID", _boot),
                ("_TRANSPORT", "journal"), ("_UID", "0"), ("_GID", "0"), ("_COMM", "hookagentd"), ("_EXE", "/usr/sbin/hookagentd"),
                ("_CMDLINE", "/usr/sbin/hookagentd"), ("_CAP_EFFECTIVE", "0"), ("_SELINUX_CONTEXT", "unconfined"),
                ("_SYSTEMD_CGROUP", "/hookagent.slice/hookagentd.service"), ("_SYSTEMD_UNIT", "hookagentd.service"),
                ("_SYSTEMD_SLICE", "hookagent.slice"), ("_SYSTEMD_INVOCATION_ID", "4be0d1a9c2b84bd1b8d5a0de4a0f2c11"),
                ("_MACHINE_ID", _machine), ("_HOSTNAME", $"com{number}"), ("_RUNTIME_SCOPE", "system"), ("_PID", "741"),
                ("PRIORITY", "6"), ("SYSLOG_IDENTIFIER", "hookagentd"), ("MESSAGE_ID", id), ("MESSAGE", message),
                .. fields, ("_SOURCE_REALTIME_TIMESTAMP", Text(realtime - 12)),
            ];
            _entry.Clear();
            string between = "";
            foreach ((string name, string value) in all)
            {
                _ = json
                    ? _entry.Append(between).Append('"').Append(name).Append("\":\"").Append(value).Append('"')
                    : _entry.Append(name).Append('=').Append(value).Append('\n');
                between = ",";
            }

            to.Write(json ? $"{{{_entry}}}\n" : $"{_entry}\n");
        }

        private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
