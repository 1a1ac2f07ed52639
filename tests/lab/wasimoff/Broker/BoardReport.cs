using System.Globalization;
using System.Text;

namespace HookAgent.Wasimoff.Broker;

/// <summary>The board at one moment. The three lists are parallel, a provider's name each.</summary>
internal sealed record BoardReport(
    IReadOnlyList<string> Names, IReadOnlyList<ProviderCounts> Counts, IReadOnlyList<int> Connected, int Queued, int Running)
{
    /// <summary>In the text format of Prometheus.</summary>
    public string Text
    {
        get
        {
            StringBuilder text = new();
            Single(text, "wasimoff_tasks_queued", "gauge", "Tasks that wait for a worker.", Queued);
            Single(text, "wasimoff_tasks_running", "gauge", "Tasks that a provider has.", Running);
            Many(text, "wasimoff_provider_connected", "gauge", "Open connections.", static (report, i) => report.Connected[i]);
            Many(text, "wasimoff_provider_connections_total", "counter", "Connections there have been.", static (report, i) => report.Counts[i].Connections);
            Many(text, "wasimoff_provider_fruitless_total", "counter", "Connections that ended without a completed task.", static (report, i) => report.Counts[i].Fruitless);
            Many(text, "wasimoff_tasks_completed_total", "counter", "Tasks completed.", static (report, i) => report.Counts[i].Completed);
            Many(text, "wasimoff_tasks_completed_milliseconds_total", "counter", "Their lengths, added up.", static (report, i) => report.Counts[i].CompletedMilliseconds);
            Many(text, "wasimoff_tasks_lost_total", "counter", "Tasks given to a provider that never came back, each handed out again.", static (report, i) => report.Counts[i].Lost);
            return text.ToString();
        }
    }

    private static void Single(StringBuilder text, string name, string type, string help, long value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private void Many(StringBuilder text, string name, string type, string help, Func<BoardReport, int, long> value)
    {
        Head(text, name, type, help);
        for (int i = 0; i < Names.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{provider=\"{Names[i]}\"}} {value(this, i)}\n");
        }
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
