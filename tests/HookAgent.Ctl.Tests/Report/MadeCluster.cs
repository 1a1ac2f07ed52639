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

    /// <summary>Lines of a task of the provider: the real one writes some more.</summary>
    private const int LinesPerTask = 2;

    /// <summary>
    /// Writes at least so many entries, a file a node; returns how many of the agent's it were. With tasks, so many begin
    /// in each lending, and one of them is aborted at its end.
    /// </summary>
    public static int Write(string folder, bool json, int nodes, int entries, int seed, int tasks = 0)
    {
        Random random = new(seed);
        int perJob = nodes * (EventsPerJob + (tasks == 0 ? 0 : 7 + (tasks * LinesPerTask)));
        int jobs = (entries + perJob - 1) / perJob;
        int written = 0;
        for (int node = 0; node < nodes; node++)
        {
            using StreamWriter file = new(Path.Combine(folder, $"com{node}.{(json ? "json" : "export")}"), append: false, new UTF8Encoding(false), 1 << 20);
            written += new Node(file, json, node, tasks, random).Write(jobs);
        }

        return written;
    }

    private sealed class Node(StreamWriter to, bool json, int number, int tasks, Random random)
    {
        private readonly string _machine = $"{number:x32}";
        private readonly string _boot = $"b{number:x31}";
        private readonly StringBuilder _entry = new();
        private long _now = 20_000_000 + (number * 1_000);
        private int _written;
        private long _lines;

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
                long lent = Provide(job, Pass(2_000_000, 600_000_000));
                Entry(NodeMessageIds.JobAppeared, $"Job {id} has come to this node.", ("SLURM_JOB_ID", id), ("SLURM_JOB_UID", "2000"));
                State("lending", "reclaiming", "stop-asked", lent, ("SLURM_JOB_ID", id), ("SLURM_JOB_UID", "2000"));
                long stop = Pass(2_000, 90_000);
                Entry(NodeMessageIds.ProviderStopped, "wasimoff-provider.service stopped as asked", ("HOOKAGENT_STOP", "clean"), ("HOOKAGENT_LENT_USEC", Text(lent)));
                State("reclaiming", "busy", "jobs-recorded", stop);
                Entry(NodeMessageIds.HandoverDone, $"Handover to job {id}", ("SLURM_JOB_ID", id), ("HOOKAGENT_HANDOVER_USEC", Text(stop + 900)), ("HOOKAGENT_OVERLAP_USEC", Text(stop)));
                long ran = Pass(5_000_000, 900_000_000);
                Entry(NodeMessageIds.JobDisappeared, $"Job {id} has ended on this node.", ("SLURM_JOB_ID", id), ("SLURM_JOB_UID", "2000"));
                State("busy", "settling", "idle-delay", ran, ("SLURM_JOB_ID", id));
            }

            return _written;
        }

        /// <summary>What the provider writes in a lending, all of it at its end.</summary>
        private long Provide(int job, long lent)
        {
            if (tasks > 0)
            {
                Line("[Wasimoff] starting Deno Provider", "[WebSocket] open connection established {");
                for (int task = 0; task < tasks; task++)
                {
                    Line($"[RPCHandler] {job}/{task} {{", "  \\\"$typeName\\\": \\\"wasimoff.v1.Task.Wasip1.Params\\\",");
                }

                Line("aborted tasks: [", "  {", $"    task: '{job}/0',", "    age: 1.5", "  }");
            }

            return lent;
        }

        /// <summary>Without quotes that JSON would want escaped, but where they are.</summary>
        private void Line(params string[] lines)
        {
            foreach (string line in lines)
            {
                _now += 40;
                Write(
                    [
                        ("__CURSOR", $"s=9f0c2f0b7a8e4f0f9d7c0b5a3e1d2c4b;i={++_lines + 1_000_000_000:x};b={_boot};m={_now:x}"),
                        ("__REALTIME_TIMESTAMP", Text((MadeJournal.Morning.ToUnixTimeMilliseconds() * 1000) + _now)), ("__MONOTONIC_TIMESTAMP", Text(_now)),
                        ("_BOOT_ID", _boot), ("_TRANSPORT", "stdout"), ("_UID", "994"), ("_GID", "994"), ("_COMM", "deno"), ("_EXE", "/usr/local/bin/deno"),
                        ("_SYSTEMD_CGROUP", "/hookagent.slice/wasimoff-provider.service"), ("_SYSTEMD_UNIT", "wasimoff-provider.service"),
                        ("_MACHINE_ID", _machine), ("_HOSTNAME", $"com{number}"), ("SYSLOG_IDENTIFIER", "wasimoff-provider"), ("PRIORITY", "6"),
                        ("MESSAGE", json ? line : line.Replace("\\", "", StringComparison.Ordinal)),
                    ]);
            }
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
            Write(all);
        }

        private void Write((string Name, string Value)[] all)
        {
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
