using System.Globalization;
using HookAgent.Core.Time;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Harness;

/// <summary>What every test has: the node, a place for its figures, and the node's journal when it fails.</summary>
[Collection(OneNode.Name)]
public abstract class SystemTest(SystemFixture fixture, ITestOutputHelper output)
{
    private const int JournalLines = 250;

    private protected Bench Bench { get; } = fixture.Bench;

    private protected Node Node => Bench.Node;

    private protected Slurm Slurm => Bench.Slurm;

    private protected Agent Agent => Bench.Agent;

    private protected Provider Provider => Bench.Provider;

    private protected Journal Journal => Bench.Journal;

    /// <summary>Runs a test's body and checks what must hold after each.</summary>
    private protected void Story(Action body)
    {
        BootTime since = BootClock.Now();
        try
        {
            body();
            Bench.CheckUndrained();
            HookRun[] hooks = Bench.HooksSince(since);
            if (hooks.Length > 0)
            {
                Worst("hook", hooks[0].Life.Length, hooks[0].Limit(Agent.HookLimits), hooks[0].Context);
            }

            Assert.All(hooks, Bench.Check);
        }
        catch
        {
            output.WriteLine(Journal.Tail(JournalLines));
            throw;
        }
    }

    /// <summary>The worst of its kind in this test; the runner tells the worst of all.</summary>
    private protected void Worst(string kind, TimeSpan seen, TimeSpan limit, string what) =>
        Line($"worst: {kind} | {(long)seen.TotalMicroseconds} | {(long)limit.TotalMicroseconds} | {what}");

    private protected void Line(FormattableString what) => output.WriteLine(what.ToString(CultureInfo.InvariantCulture));

    /// <summary>A measured figure; the runner prints them all at its end.</summary>
    private protected void Figure(FormattableString what) => Line($"figure: {what.ToString(CultureInfo.InvariantCulture)}");
}
