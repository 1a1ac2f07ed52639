using System.Diagnostics;
using System.Globalization;
using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

/// <summary>The native broker at an address of its own, asked over HTTP.</summary>
internal sealed class RunningBroker : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Child _program;
    private readonly HttpClient _http;

    public RunningBroker(int port = 0)
    {
        _program = Standin.Start("broker", "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
        Port = int.Parse(_program.ReadTo("listening at 127.0.0.1:")["listening at 127.0.0.1:".Length..], CultureInfo.InvariantCulture);
        _http = new() { BaseAddress = new($"http://127.0.0.1:{Port}") };
    }

    public int Port { get; }

    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path) => _http.SendAsync(new(method, path));

    public async Task PostAsync(string path) => (await AskAsync(HttpMethod.Post, path)).EnsureSuccessStatusCode();

    public Task<string> MetricsAsync() => _http.GetStringAsync("/metrics");

    public async Task<long> CountAsync(string metric)
    {
        string metrics = await MetricsAsync();
        string? line = metrics.Split('\n').SingleOrDefault(line => line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + " ", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>Until a count is what it must become.</summary>
    public async Task ExpectAsync(string metric, long value)
    {
        long start = Stopwatch.GetTimestamp();
        while (await CountAsync(metric) != value)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"{metric} does not become {value}:\n{await MetricsAsync()}{_program.Story}");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until it has come so far, of what only grows meanwhile; how far it was then.</summary>
    public async Task<long> ExpectAtLeastAsync(string metric, long value)
    {
        long start = Stopwatch.GetTimestamp();
        long count;
        while ((count = await CountAsync(metric)) < value)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"{metric} does not reach {value}:\n{await MetricsAsync()}{_program.Story}");
            await Task.Delay(10);
        }

        return count;
    }

    /// <summary>Its port is free afterwards.</summary>
    public void Kill() => _program.Kill();

    public void Dispose()
    {
        _http.Dispose();
        _program.Dispose();
    }
}
