using HookAgent.Daemon.State;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Metrics;

/// <summary>
/// Keeps the metrics' file up to date, where its folder exists. On a thread of its own: the loop must answer the next
/// Prolog while a busy disk holds up a new file for seconds. It holds only the newest metrics, so that a flood of changes
/// or a slow disk costs files in between and no memory; and it sleeps until there are some.
/// </summary>
internal sealed class MetricsFile(ILogger<MetricsFile> logger) : IDisposable
{
    /// <summary>How long the end of the agent waits for the file to be removed.</summary>
    private static readonly TimeSpan s_lastWork = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _something = new(0);
    private readonly FileTrouble _trouble = new(
        logger, "The metrics stand still. A folder that was made after the agent's start, or is not the default one, is read-only to it: see TextFile= in hookagent.conf(5).");

    private Thread? _writer;
    private (string? Path, MetricsSnapshot Metrics)? _next;
    private string? _written;
    private bool _ending;

    /// <summary>Has the metrics written soon. Does not block. From the loop alone.</summary>
    /// <param name="path">Null for nowhere; an earlier file is removed then, as when the path is another.</param>
    public void Publish(string? path, MetricsSnapshot metrics)
    {
        if (path is null && _writer is null)
        {
            return;
        }

        lock (_gate)
        {
            _next = (path, metrics);
        }

        if (_writer is null)
        {
            _writer = new Thread(Write) { IsBackground = true, Name = "metrics" };
            _writer.Start();
        }

        _something.Release();
    }

    /// <summary>Removes the file: metrics of an agent that does not run would be read as the node's state for ever.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ending)
            {
                return;
            }

            _ending = true;
        }

        _something.Release();
        if (_writer?.Join(s_lastWork) is not false)
        {
            _something.Dispose();
        }
    }

    private void Write()
    {
        while (true)
        {
            _something.Wait();
            (string? Path, MetricsSnapshot Metrics)? next;
            lock (_gate)
            {
                if (_ending)
                {
                    break;
                }

                next = _next;
                _next = null;
            }

            if (next is var (path, metrics))
            {
                Write(path, metrics);
            }
        }

        Remove();
    }

    private void Write(string? path, MetricsSnapshot metrics)
    {
        if (path != _written)
        {
            Remove();
        }

        // Without the folder nobody reads metrics on this node; one that was there is missed.
        if (path is not null && (path == _written || Directory.Exists(Path.GetDirectoryName(path)))
            && _trouble.Write(path, () => ReplacedFile.Write(path, MetricsText.Render(metrics))))
        {
            _written = path;
        }
    }

    private void Remove()
    {
        if (_written is not { } path)
        {
            return;
        }

        _written = null;
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Its folder is gone or read-only by now, which was told when the file could not be written.
        }
    }
}
