using System.Globalization;

namespace HookAgent.Wasimoff.Broker;

/// <summary>
/// What one can ask of the broker: GET /healthz, GET /metrics;
/// POST /tasks?count=N&amp;milliseconds=A,B,…&amp;mebibytes=M queues N tasks of these lengths in turn;
/// POST /supply?milliseconds=A,B,…&amp;mebibytes=M has a task for every free worker, until DELETE /supply.
/// </summary>
internal static class BrokerPages
{
    /// <summary>What a busy worker of the real provider takes beside its idle size.</summary>
    private const int UsualMebibytes = 33;

    private const int MostTasks = 1_000_000;
    private const int MostMilliseconds = 3_600_000;
    private const int MostMebibytes = 4096;

    private static readonly HttpAnswer s_ok = new("200 OK", "ok\n");

    public static HttpAnswer Answer(TaskBoard board, string requestLine)
    {
        string[] words = requestLine.Split(' ');
        string[] target = (words.ElementAtOrDefault(1) ?? "").Split('?', 2);
        Dictionary<string, string> query = QueryOf(target.ElementAtOrDefault(1) ?? "");
        switch (words[0], target[0])
        {
            case ("GET", "/healthz"):
                return s_ok;
            case ("GET", "/metrics"):
                return new("200 OK", board.Report().Text);
            case ("DELETE", "/supply"):
                board.Keep(null);
                return s_ok;
            case ("POST", "/tasks" or "/supply"):
                int? count = Number(query.GetValueOrDefault("count", "1"), MostTasks);
                int? mebibytes = Number(query.GetValueOrDefault("mebibytes", UsualMebibytes.ToString(CultureInfo.InvariantCulture)), MostMebibytes);
                int?[] lengths = [.. query.GetValueOrDefault("milliseconds", "").Split(',').Select(static text => Number(text, MostMilliseconds))];
                if (count is null || mebibytes is null || lengths.Contains(null))
                {
                    return new("400 Bad Request", $"count up to {MostTasks}, milliseconds up to {MostMilliseconds}, mebibytes up to {MostMebibytes}\n");
                }

                int[] milliseconds = [.. lengths.Select(static length => length!.Value)];
                if (target[0] == "/tasks")
                {
                    board.Add(count.Value, milliseconds, mebibytes.Value);
                }
                else
                {
                    board.Keep(new(milliseconds, mebibytes.Value));
                }

                return s_ok;
            default:
                return new("404 Not Found", "GET /healthz /metrics, POST /tasks /supply, DELETE /supply\n");
        }
    }

    private static Dictionary<string, string> QueryOf(string text) =>
        text.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(static pair => pair.Split('=', 2))
            .GroupBy(static pair => pair[0], static pair => pair.ElementAtOrDefault(1) ?? "")
            .ToDictionary(static group => group.Key, static group => group.Last(), StringComparer.Ordinal);

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most ? number : null;
}
