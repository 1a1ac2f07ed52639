using HookAgent.Herd.Output;
using HookAgent.Herd.Scenarios;

const string Usage = """
    usage: hookagent-herd               print the table
           hookagent-herd --svg FILE    and draw the picture
           hookagent-herd --check PAGE PICTURE
        PAGE is hookagent.conf(5), PICTURE what --svg has drawn: do they tell what StartJitter= does, and does it hold?
    """;

switch (args)
{
    case ["--check", var page, var picture]:
        return new Check(await File.ReadAllTextAsync(page), await File.ReadAllTextAsync(picture)).Run() ? 0 : 1;
    case [] or ["--svg", _]:
        break;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}

int nodes = Recommended.Sizes[^1];
TimeSpan recommended = Recommended.Jitter(nodes);
TimeSpan[] jitters = [.. ((double[])[0, 5, 30, 60, 120]).Select(TimeSpan.FromSeconds).Append(recommended).Order()];
Row[] rows = [.. AllScenarios.List.SelectMany(scenario => jitters.Select(jitter => new Row(scenario, jitter, scenario.Run(nodes, jitter))))];
Console.Write(Table.Of(rows));
if (args is ["--svg", var file])
{
    await File.WriteAllTextAsync(file, Picture.Draw(nodes, jitters, recommended, rows));
}

return 0;
