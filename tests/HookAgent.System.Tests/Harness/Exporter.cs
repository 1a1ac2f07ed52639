using System.Globalization;

namespace HookAgent.SystemTests.Harness;

/// <summary>Debian's node exporter on a node, as its own unit runs it, and what it publishes of the agent.</summary>
internal sealed class Exporter(Node node)
{
    public const string TextFile = "/var/lib/prometheus/node-exporter/hookagent.prom";
    private const string Unit = "prometheus-node-exporter.service";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public void Start()
    {
        node.Run("systemctl", "unmask", Unit);
        node.Run("systemctl", "start", Unit);
        Eventually.True("node_exporter answers", s_patience, () => node.Try("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9100").Succeeded);
    }

    public void Stop()
    {
        node.Run("systemctl", "stop", Unit);
        node.Run("systemctl", "mask", Unit);
    }

    /// <summary>All that is scraped, in the text format.</summary>
    public string Scrape()
    {
        string answer = node.Run("bash", "-c", """exec 3<>/dev/tcp/127.0.0.1/9100; printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3; cat <&3""").Output;
        Assert.StartsWith("HTTP/1.0 200 OK", answer, StringComparison.Ordinal);
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    /// <summary>One scraped sample, such as <c>hookagent_state{state="busy"}</c>; null where it is not published.</summary>
    public double? Value(string sample) => Values().TryGetValue(sample, out double value) ? value : null;

    public Dictionary<string, double> Values() => Scrape().Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
