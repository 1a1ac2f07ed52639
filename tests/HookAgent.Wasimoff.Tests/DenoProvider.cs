using System.Globalization;
using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

/// <summary>
/// The shipped start program with the real Deno and a checkout of a shape that Wasimoff has had: `upstream` (a native addon,
/// --retry), `before-webrtc` or `fork` (neither). Outside of the unit's sandbox, which only a node of the lab has.
/// </summary>
internal static class DenoProvider
{
    public static readonly string Made = Environment.GetEnvironmentVariable("HOOKAGENT_DENO") ?? "";

    public static readonly string Deno = Path.Combine(Made, "deno");

    private static string StartProgram =>
        Path.Combine(Environment.GetEnvironmentVariable("HOOKAGENT_ROOT") ?? "", "usr/libexec/hookagent/wasimoff-provider");

    public static string Checkout(string shape)
    {
        string path = Path.Combine(Made, shape);
        Assert.True(Directory.Exists(path), $"HOOKAGENT_DENO is '{Made}', which has no {shape}; 'make test' makes it and sets this");
        return path;
    }

    public static Child Start(string checkout, int port, string? cache = null) => Start("/usr/bin/setsid", [StartProgram], checkout, port, cache);

    /// <summary>`wasimoff-provider --check`, which starts nothing.</summary>
    public static Child Check(string checkout, int port, string? cache = null) => Start(StartProgram, ["--check"], checkout, port, cache);

    /// <summary>With what the unit gives, and where the lab's packages came from.</summary>
    public static Child Start(string program, string[] arguments, string checkout, int port, string? cache = null) =>
        new(program, arguments, new()
        {
            ["DENO"] = Deno,
            ["DENO_DIR"] = cache ?? Path.Combine(Made, "cache"),
            ["DENO_NO_UPDATE_CHECK"] = "1",
            ["JSR_URL"] = "http://127.0.0.1/",
            ["NO_COLOR"] = "1",
            ["NPM_CONFIG_REGISTRY"] = "http://127.0.0.1/",
            ["WASIMOFF_BROKER_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["WASIMOFF_DIR"] = checkout,
            ["WASIMOFF_WORKERS"] = "2",
        });
}
