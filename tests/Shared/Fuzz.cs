using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace HookAgent.Tests;

/// <summary>
/// Runs a check on one mutated input after the other until its time is over: some seconds, or as many as
/// HOOKAGENT_FUZZ_SECONDS says. Each input has a seed of its own. A failure names it, and HOOKAGENT_FUZZ_SEED runs that
/// one alone; the seeds of a run begin at a random one.
/// </summary>
internal static class Fuzz
{
    /// <summary>One input takes no longer: what does hangs.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    /// <param name="seconds">How long, unless the environment says otherwise.</param>
    /// <param name="check">Given a mutator for this input; throws where something is wrong.</param>
    public static void Run(ITestOutputHelper output, double seconds, Action<Mutator> check)
    {
        int? only = Setting("HOOKAGENT_FUZZ_SEED");
        seconds = Setting("HOOKAGENT_FUZZ_SECONDS") ?? seconds;
        int first = only ?? Random.Shared.Next(1_000_000_000);
        int seed = first;
        Exception? failure = null;
        Stopwatch progress = Stopwatch.StartNew();
        Thread worker = new(() =>
        {
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                do
                {
                    check(new Mutator(seed));
                    Volatile.Write(ref seed, seed + 1);
                    progress.Restart();
                }
                while (only is null && watch.Elapsed < TimeSpan.FromSeconds(seconds));
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            Assert.True(progress.Elapsed < s_hang, $"hangs; HOOKAGENT_FUZZ_SEED={Volatile.Read(ref seed)} repeats it");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed - first} inputs, seeds from {first}"));
        if (failure is not null)
        {
            Assert.Fail($"HOOKAGENT_FUZZ_SEED={seed} repeats it: {failure}");
        }
    }

    /// <summary>What <paramref name="read"/> gives, if it takes no more memory than this for it.</summary>
    public static T Within<T>(long mostBytes, Func<T> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T result = read();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= mostBytes, $"{allocated} bytes allocated, more than {mostBytes}");
        return result;
    }

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : null;
}
