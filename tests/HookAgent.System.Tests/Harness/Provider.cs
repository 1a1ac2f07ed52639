using System.Globalization;
using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>The stand-in provider of a node: how it behaves, and when it ran.</summary>
internal sealed class Provider(Node node)
{
    public const string Unit = "wasimoff-provider.service";
    internal const string Folder = "/var/lib/hookagent-standin";

    /// <summary>TimeoutStopSec= of the shipped unit.</summary>
    public TimeSpan StopTimeout => TimeSpan.FromMicroseconds(
        long.Parse(node.Run("busctl", "get-property", "org.freedesktop.systemd1", UnitPath, "org.freedesktop.systemd1.Service", "TimeoutStopUSec").Text[2..], CultureInfo.InvariantCulture));

    public string ActiveState => node.ActiveState(Unit);

    private static string UnitPath => "/org/freedesktop/systemd1/unit/wasimoff_2dprovider_2eservice";

    public void Behave(string settings) => node.Write("/etc/hookagent-standin.conf", settings);

    public void ForgetRuns() => node.Shell($"rm -f {Folder}/stamps {Folder}/alive");

    public ProviderRun[] Runs()
    {
        // The last sign of life first: a process that begins in between moves it to the stamps.
        string[] lines = node.Shell($"cd {Folder} 2>/dev/null || exit 0; cat alive 2>/dev/null; echo; cat stamps 2>/dev/null; true").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<ProviderRun> runs = [];
        foreach (string[] words in lines.Select(line => line.Split(' ')).OrderByDescending(words => words.Length))
        {
            BootTime moment = new(long.Parse(words[0], CultureInfo.InvariantCulture));
            int pid = int.Parse(words[1], CultureInfo.InvariantCulture);
            string what = words.ElementAtOrDefault(2) ?? "alive";
            if (what == "start")
            {
                runs.Add(new ProviderRun(pid, moment, null, null, null, null));
                continue;
            }

            // After a reboot process ids begin anew: the last of that number is meant.
            int run = runs.FindLastIndex(run => run.Pid == pid);
            if (run < 0)
            {
                continue;
            }

            runs[run] = what switch
            {
                "ready" => runs[run] with { Ready = moment },
                "term" => runs[run] with { Term = runs[run].Term ?? moment },
                "end" => runs[run] with { End = moment },
                "alive" => runs[run] with { LastAlive = moment },
                _ => throw new FormatException($"the stand-in stamped '{what}'"),
            };
        }

        return [.. runs];
    }
}
