using System.Globalization;
using HookAgent.Herd.Model;
using HookAgent.Herd.Scenarios;

namespace HookAgent.Herd.Output;

/// <summary>
/// Asserts what the recommended StartJitter promises, that the check can fail, and that page and picture tell the same.
/// Prints "ok" and "not ok" lines.
/// </summary>
/// <param name="page">The text of hookagent.conf(5).</param>
/// <param name="picture">The text of the SVG that is committed.</param>
internal sealed class Check(string page, string picture)
{
    private bool _failed;

    /// <summary>False where anything does not hold.</summary>
    public bool Run()
    {
        int most = Recommended.Sizes[^1];
        foreach (Scenario scenario in AllScenarios.List)
        {
            Outcome outcome = Holds(scenario, most);
            string told = Picture.Told(scenario, Recommended.Jitter(most), outcome);
            Say(picture.Contains(told, StringComparison.Ordinal), $"the picture tells: {told}");
        }

        foreach (int nodes in Recommended.Sizes)
        {
            string told = string.Create(CultureInfo.InvariantCulture, $"- {nodes:N0} nodes: {Recommended.Jitter(nodes).TotalSeconds}s");
            Say(page.Contains(told, StringComparison.Ordinal), $"hookagent.conf(5) recommends: {told}");
        }

        // The smaller the cluster, the more a single second may differ from the others.
        foreach (int nodes in Recommended.Sizes[..^1])
        {
            Holds(AllScenarios.List[0], nodes);
            Holds(AllScenarios.List.Single(static scenario => scenario.Word == "restart"), nodes);
        }

        TimeSpan jitter = Recommended.Jitter(most);
        IsFoundOut("nodes that all draw the same jitter", "idle", new Setup(most, jitter, SameSeed: true));
        IsFoundOut("no jitter", "idle", new Setup(most, TimeSpan.Zero));
        IsFoundOut("start programs that start as soon as the broker is back", "outage", new Setup(most, jitter, StartMode.AtOnce));
        return !_failed;
    }

    private Outcome Holds(Scenario scenario, int nodes)
    {
        TimeSpan jitter = Recommended.Jitter(nodes);
        Outcome outcome = scenario.Run(nodes, jitter);
        double lendBy = Scenario.LendBy(jitter);
        bool good = outcome.MostStarts <= Recommended.MostStarts && double.IsFinite(outcome.LentAfter)
            && (!scenario.IsTimed || outcome.LentAfter <= lendBy);
        Say(good, string.Create(CultureInfo.InvariantCulture,
            $"{scenario.Title}: {nodes} nodes, StartJitter={jitter.TotalSeconds}s: {outcome.MostStarts} starts/s at most (limit {Recommended.MostStarts}), 95 % lend after {outcome.LentAfter:0.0} s")
            + (scenario.IsTimed ? string.Create(CultureInfo.InvariantCulture, $" (limit {lendBy} s)") : ""));
        return outcome;
    }

    private void IsFoundOut(string what, string word, Setup setup)
    {
        Outcome outcome = AllScenarios.List.Single(scenario => scenario.Word == word).Run(setup);
        Say(outcome.MostStarts > Recommended.MostStarts, $"mutant: {what}: found out by {outcome.MostStarts} starts/s");
    }

    private void Say(bool good, string text)
    {
        Console.WriteLine($"{(good ? "ok      " : "not ok  ")}{text}");
        _failed |= !good;
    }
}
