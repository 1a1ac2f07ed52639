using System.Net.Sockets;
using HookAgent.Core.Jobs;
using HookAgent.Core.Settings;
using HookAgent.Hook.Tests.Bus;
using Xunit.Abstractions;

namespace HookAgent.Hook.Tests.Native;

/// <summary>
/// The program that slurmd runs, among a bus, settings and an environment that are all out of order: it exits 0 and
/// silent within its deadline, the record says the job, and the journal gets nothing but the fields it should.
/// </summary>
[Collection(NativeCollection.Name)]
public sealed class HookFuzzTests(ITestOutputHelper output) : HookTestBed
{
    private static readonly string[] s_fields =
        ["MESSAGE", "MESSAGE_ID", "PRIORITY", "SLURM_JOB_ID", "SYSLOG_IDENTIFIER"];

    private static readonly byte[][] s_talks =
    [
        Recordings.DbusDaemon, Recordings.DbusBroker, "REJECTED EXTERNAL\r\n"u8.ToArray(),
        [.. "OK 0123456789abcdef0123456789abcdef\r\n"u8, .. Recordings.ErrorLittleEndian],
        [.. "OK 0123456789abcdef0123456789abcdef\r\n"u8, .. Recordings.ErrorBigEndian],
    ];

    private static readonly byte[][] s_settings =
    [
        "TIMEOUT_USEC=200000\nPROLOG_WAIT_USEC=0\n"u8.ToArray(), "PROLOG_WAIT_USEC=100000\nTIMEOUT_USEC=100000\n"u8.ToArray(),
        "TIMEOUT_USEC=60000000\nPROLOG_WAIT_USEC=600000000\n"u8.ToArray(),
    ];

    private static readonly string[] s_variables =
        ["SLURM_JOB_UID", "SLURM_JOB_USER", "SLURM_JOB_PARTITION", "SLURM_JOB_CPUS_PER_NODE", "SLURM_JOB_RESTART_COUNT", "SLURM_JOB_END_TIME"];

    [Fact]
    public void It_exits_0_in_time_and_writes_what_it_should()
    {
        Dictionary<string, string> good = new(Slurm);
        byte[] said = [];
        bool hangsUp = true;
        int calls = 0;
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            try
            {
                // A hook that was hung up on asks again, and few of these could wait until it does so no more.
                client.Send(calls++ == 0 ? said : s_talks[^1]);
            }
            catch (SocketException)
            {
                // The hook had heard enough.
            }

            if (hangsUp)
            {
                client.Dispose();
            }

            return Task.CompletedTask;
        });

        Fuzz.Run(output, 8, mutator =>
        {
            byte[] settings = mutator.Mutate(s_settings);
            File.WriteAllBytes(Folder["run/hook.conf"], settings);
            File.WriteAllBytes(Folder["run/boot-id"], mutator.Mutate(["5a3c7e1f9b2d4086a1c3e5f708192a3b\n"u8.ToArray()]));
            HookSettings inForce = HookSettings.Parse(settings.AsSpan(0, Math.Min(settings.Length, 4096)), out _);
            bool prolog = mutator.Pick(4) > 0;
            TimeSpan deadline = inForce.Timeout + (prolog ? inForce.PrologWait : TimeSpan.Zero);
            said = mutator.Mutate(s_talks);
            calls = 0;

            // A bus that says nothing more keeps the hook until its deadline, which few of these can wait for.
            hangsUp = deadline > TimeSpan.FromSeconds(0.25) || mutator.Pick(4) > 0;
            foreach (string variable in s_variables)
            {
                Slurm[variable] = mutator.Pick(3) > 0 ? good[variable] : Variable(mutator.Mutate([good[variable]]));
            }

            Slurm["SLURM_SCRIPT_CONTEXT"] = prolog ? "prolog_slurmd" : "epilog_slurmd";
            HookRun run = Run().GetAwaiter().GetResult();
            Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
            Assert.True(run.Elapsed < deadline + Slack, $"took {run.Elapsed}, with a deadline of {deadline}");

            JobReading jobs = new JobDirectory(Folder["run/jobs"]).Read(null);
            Assert.Empty(jobs.Unreadable);
            Assert.Equal(prolog ? ["77"] : [], Records);
            Assert.Equal(prolog ? ["77"] : [], jobs.Records.Select(record => record.Job.ToString()));
            foreach (IReadOnlyDictionary<string, string> entry in Journal.Entries())
            {
                Assert.Equal(s_fields, entry.Keys.Order(StringComparer.Ordinal));
                Assert.DoesNotContain(entry["MESSAGE"], c => char.IsControl(c) && c != '\t');
            }
        });
    }

    /// <summary>What can be in a variable: no zero byte, and no more than the kernel lets a program be given.</summary>
    private static string Variable(string text)
    {
        string possible = text.Replace("\0", "", StringComparison.Ordinal);
        return possible.Length > 30_000 ? possible[..30_000] : possible;
    }
}
