using System.Diagnostics;
using System.Threading.Channels;

namespace HookAgent.Hook.Tests.Native;

/// <summary>A process that a test needs beside the hook: ended, by its id, with the test.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _errors = [];

    public ChildProcess(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _lines.Writer.TryWrite(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.Add(line.Data ?? "");
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The next line it prints; waits for it.</summary>
    public async Task<string> Line()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            return await _lines.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            lock (_errors)
            {
                throw new TimeoutException($"{_process.StartInfo.FileName} printed nothing for {Patience}. Its errors:\n{string.Join('\n', _errors)}");
            }
        }
    }

    /// <summary>The lines that are there already.</summary>
    public IEnumerable<string> LinesSoFar()
    {
        while (_lines.Reader.TryRead(out string? line))
        {
            yield return line;
        }
    }

    /// <summary>SIGSTOP: it is there, and does nothing any more.</summary>
    public void Freeze()
    {
        using Process kill = Process.Start("kill", ["-STOP", $"{Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
