using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HookAgent.Tests;

/// <summary>
/// A program that a test starts, reads the lines of, and ends by its id. Everything it wrote is in the message
/// when something it should have said does not come.
/// </summary>
internal sealed partial class Child : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Thread[] _readers;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _all = new();

    public Child(string program, params string[] arguments)
        : this(program, arguments, [])
    {
    }

    /// <param name="environment">Added to the test's own; null takes a variable out of it.</param>
    public Child(string program, string[] arguments, Dictionary<string, string?> environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.Start();
        _readers = [Read(_process.StandardOutput, isOutput: true), Read(_process.StandardError, isOutput: false)];
    }

    public string Story => string.Join('\n', _all);

    /// <summary>A program of the Peers folder, under Debian's own Python: that one has the D-Bus modules.</summary>
    public static Child Peer(string script, params string[] arguments) =>
        new("/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "Peers", script), .. arguments]);

    /// <summary>Runs to the end; its output, or a failure that shows what it wrote.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using Child child = new(program, arguments);
        child.ExpectExit();
        return child.Story;
    }

    public int Id => _process.Id;

    public void ExpectExit() => ExpectExit(0);

    public void ExpectExit(int code)
    {
        Assert.True(_process.WaitForExit(s_patience), $"still running:\n{Story}");

        ReadToEnd();
        Assert.True(_process.ExitCode == code, $"exit {_process.ExitCode}, not {code}:\n{Story}");
    }

    public string ReadLine() =>
        _lines.TryTake(out string? line, s_patience) ? line : throw new TimeoutException($"no line; it said:\n{Story}");

    /// <summary>The lines that are there already.</summary>
    public IEnumerable<string> LinesSoFar()
    {
        while (_lines.TryTake(out string? line))
        {
            yield return line;
        }
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signal(15);

    /// <summary>SIGTERM to all of its process group, which it must lead, as systemd sends it to a control group.</summary>
    public void TerminateGroup() => Assert.Equal(0, kill(-_process.Id, 15));

    /// <summary>SIGINT.</summary>
    public void Interrupt() => Signal(2);

    /// <summary>SIGHUP.</summary>
    public void HangUp() => Signal(1);

    public void Stop() => Signal(19);

    public void Continue() => Signal(18);

    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        ReadToEnd();
    }

    /// <summary>What it started goes, too: it would keep the pipes open, and this waits for their end.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        Kill();
        _process.Dispose();
        _lines.Dispose();
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    private void Signal(int signal) => Assert.Equal(0, kill(_process.Id, signal));

    private void ReadToEnd()
    {
        foreach (Thread reader in _readers)
        {
            reader.Join();
        }
    }

    /// <summary>On a thread of its own: the pool has as many as processors, and tests that wait in them.</summary>
    private Thread Read(StreamReader from, bool isOutput)
    {
        Thread reader = new(() =>
        {
            while (from.ReadLine() is { } line)
            {
                _all.Enqueue(line);
                if (isOutput)
                {
                    _lines.Add(line);
                }
            }
        })
        {
            IsBackground = true,
        };
        reader.Start();
        return reader;
    }
}
