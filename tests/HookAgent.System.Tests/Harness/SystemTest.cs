using System.Globalization;
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
        try
        {
            body();
            Bench.CheckUndrained();
        }
        catch
        {
            output.WriteLine(Journal.Tail(JournalLines));
            throw;
        }
    }

    /// <summary>A measured figure; the runner prints them all at its end.</summary>
    private protected void Figure(FormattableString what) => output.WriteLine($"figure: {what.ToString(CultureInfo.InvariantCulture)}");
}
