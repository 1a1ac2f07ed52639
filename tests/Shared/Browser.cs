using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HookAgent.Tests;

/// <summary>Debian's Chromium without a screen, by the WebDriver protocol (https://www.w3.org/TR/webdriver2/) of its chromedriver.</summary>
internal sealed partial class Browser : IDisposable
{
    // As root it has no sandbox of its own; and nothing of it looks for a network.
    private static readonly string[] s_switches =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars=false",
    ];

    private static readonly TimeSpan s_longestStart = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _profile = new();
    private readonly Process _driver;
    private readonly HttpClient _http;
    private readonly string _session;

    /// <param name="width">Of the window, in pixels, as is <paramref name="height"/>.</param>
    public Browser(int width = 1280, int height = 900, params IEnumerable<string> switches)
    {
        _driver = Process.Start(new ProcessStartInfo("chromedriver", ["--port=0"]) { RedirectStandardOutput = true })!;
        Task<string> port = Task.Run(() =>
        {
            while (_driver.StandardOutput.ReadLine() is { } line)
            {
                if (Started().Match(line) is { Success: true } match)
                {
                    return match.Groups[1].Value;
                }
            }

            return "";
        });
        Assert.True(port.Wait(s_longestStart) && port.Result.Length > 0, "chromedriver does not say that it has started; is Debian's chromium-driver installed?");
        _ = _driver.StandardOutput.ReadToEndAsync();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.Result}/"), Timeout = TimeSpan.FromMinutes(2) };
        JsonNode session = Call("session", new JsonObject
        {
            ["capabilities"] = new JsonObject
            {
                ["alwaysMatch"] = new JsonObject
                {
                    ["goog:loggingPrefs"] = new JsonObject { ["performance"] = "ALL", ["browser"] = "ALL" },
                    ["goog:chromeOptions"] = new JsonObject
                    {
                        ["args"] = new JsonArray([.. s_switches.Concat([$"--window-size={width},{height}", $"--user-data-dir={_profile.Path}", .. switches]).Select(static word => (JsonNode)word)]),
                    },
                },
            },
        })!;
        _session = $"session/{session["sessionId"]}";
    }

    public void Open(string url) => Call($"{_session}/url", new JsonObject { ["url"] = url });

    /// <summary>What a function's body returns in the page.</summary>
    public JsonNode? Run(string script, params JsonNode?[] arguments) =>
        Call($"{_session}/execute/sync", new JsonObject { ["script"] = script, ["args"] = new JsonArray(arguments) });

    /// <summary>What an asynchronous function of the page hands to its last argument.</summary>
    public JsonNode? RunAsync(string script) =>
        Call($"{_session}/execute/async", new JsonObject { ["script"] = script, ["args"] = new JsonArray() });

    /// <summary>Waits until it is true; says what the page has when it does not become so.</summary>
    public void Until(string condition, TimeSpan? within = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (Run($"return Boolean({condition});") is not { } value || !value.GetValue<bool>())
        {
            Assert.True(watch.Elapsed < (within ?? TimeSpan.FromSeconds(30)), $"not within {watch.Elapsed}: {condition}\n{Run("return document.body.innerText;")}\n{string.Join('\n', Log("browser"))}");
            Thread.Yield();
        }
    }

    /// <summary>Moves the pointer to a place of the window, in pixels, as a hand does.</summary>
    public void Point(double x, double y, bool click = false) => Call($"{_session}/actions", new JsonObject
    {
        ["actions"] = new JsonArray(new JsonObject
        {
            ["type"] = "pointer",
            ["id"] = "mouse",
            ["parameters"] = new JsonObject { ["pointerType"] = "mouse" },
            ["actions"] = new JsonArray(
            [
                new JsonObject { ["type"] = "pointerMove", ["duration"] = 0, ["x"] = (int)x, ["y"] = (int)y },
                .. click ? (JsonNode[])[new JsonObject { ["type"] = "pointerDown", ["button"] = 0 }, new JsonObject { ["type"] = "pointerUp", ["button"] = 0 }] : [],
            ]),
        }),
    });

    /// <summary>Types into what has the focus; the keys of WebDriver that have no letter are in its private characters.</summary>
    public void Type(string keys) => Call($"{_session}/actions", new JsonObject
    {
        ["actions"] = new JsonArray(new JsonObject
        {
            ["type"] = "key",
            ["id"] = "keyboard",
            ["actions"] = new JsonArray([.. keys.SelectMany(static key => (JsonNode[])
                [new JsonObject { ["type"] = "keyDown", ["value"] = key.ToString() }, new JsonObject { ["type"] = "keyUp", ["value"] = key.ToString() }])]),
        }),
    });

    /// <summary>The window as a picture.</summary>
    public byte[] Screenshot() => Convert.FromBase64String(Get($"{_session}/screenshot")!.GetValue<string>());

    /// <summary>The lines of a log since it was last asked for: "browser" (errors of the page), "performance" (of the DevTools protocol).</summary>
    public string[] Log(string type) =>
        [.. Call($"{_session}/se/log", new JsonObject { ["type"] = type })!.AsArray().Select(static entry => entry!["message"]!.GetValue<string>())];

    /// <summary>Every address that a page asked for, its own among them. The browser's first page asks, too.</summary>
    public string[] Requests(string page) =>
    [
        .. Log("performance").Select(static line => JsonNode.Parse(line)!["message"]!)
            .Where(message => message["method"]!.GetValue<string>() == "Network.requestWillBeSent" && (string?)message["params"]!["documentURL"] == page)
            .Select(static message => message["params"]!["request"]!["url"]!.GetValue<string>()),
    ];

    public void Dispose()
    {
        try
        {
            _http.DeleteAsync(_session).Result.Dispose();
        }
        finally
        {
            _driver.Kill(entireProcessTree: true);
            _driver.WaitForExit();
            _driver.Dispose();
            _http.Dispose();
            _profile.Dispose();
        }
    }

    private JsonNode? Get(string path) => Value(_http.GetAsync(path).Result);

    private JsonNode? Call(string path, JsonObject body)
    {
        // chromedriver reads no chunked body.
        using StringContent content = new(body.ToJsonString(), Encoding.UTF8, "application/json");
        return Value(_http.PostAsync(path, content).Result);
    }

    private static JsonNode? Value(HttpResponseMessage answer)
    {
        using (answer)
        {
            string text = answer.Content.ReadAsStringAsync().Result;
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!["value"];
        }
    }

    [GeneratedRegex(@"started successfully on port (\d+)")]
    private static partial Regex Started();
}
