using System.Globalization;
using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>The stand-in provider of a node: how it behaves, and when it ran.</summary>
internal sealed class Provider(Node node)
{
    public const string Unit = "wasimoff-provider.service";
    private const string Folder = "/var/lib/hookagent-standin";

    /// <summary>TimeoutStopSec= of the shipped unit.</summary>
    public TimeSpan StopTimeout => TimeSpan.FromMicroseconds(
        long.Parse(node.Run("busctl", "get-property", "org.freedesktop.systemd1", UnitPath, "org.freedesktop.systemd1.Service", "TimeoutStopUSec").Text[2..], CultureInfo.InvariantCulture));

    public string ActiveState => node.ActiveState(Unit);

    private static string UnitPath => "/org/freedesktop/systemd1/unit/wasimoff_2dprovider_2eservice";

    public void Behave(string settings) => node.Write("/etc/hookagent-standin.conf", settings);

    public void ForgetRuns() => node.Shell($"rm -f {Folder}/stamps {Folder}/alive");

    public ProviderRun[] Runs()
    {
        string[] lines = [.. node.Shell($"cd {Folder} 2>/dev/null || exit 0; cat stamps 2>/dev/null; echo; cat alive 2>/dev/null; true").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Dictionary<int, ProviderRun> runs = [];
        foreach (string line in lines)
        {
            string[] words = line.Split(' ');
            BootTime moment = new(long.Parse(words[0], CultureInfo.InvariantCulture));
            int pid = int.Parse(words[1], CultureInfo.InvariantCulture);
            ProviderRun run = runs.GetValueOrDefault(pid) ?? new ProviderRun(pid, moment, null, null, null, null);
            runs[pid] = words.ElementAtOrDefault(2) switch
            {
                "start" => run,
                "ready" => run with { Ready = moment },
                "term" => run with { Term = run.Term ?? moment },
                "end" => run with { End = moment },
                null => run with { LastAlive = moment },
                string other => throw new FormatException($"the stand-in stamped '{other}'"),
            };
        }

        return [.. runs.Values.OrderBy(run => run.Start)];
    }
}
