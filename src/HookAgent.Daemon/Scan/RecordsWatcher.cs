using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Linux;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Scan;

/// <summary>
/// Says when the job directory is to be read without a hook's call: when inotify sees a change in it, and, while inotify
/// cannot see all of it, every second.
/// </summary>
internal sealed class RecordsWatcher : IDisposable
{
    private static readonly TimeSpan s_rescanAfter = TimeSpan.FromSeconds(1);

    private readonly string _directory;
    private readonly InotifyWatcher _watch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RepeatedTrouble _trouble = new();

    public RecordsWatcher(string directory, TimeProvider clock, ILogger logger)
    {
        _directory = directory;
        _watch = new InotifyWatcher(directory);
        _clock = clock;
        _logger = logger;
        Judge();
    }

    /// <summary>What to poll for readability; then <see cref="Drain"/>.</summary>
    public int Descriptor => _watch.Descriptor;

    /// <summary>When to <see cref="Renew"/> and read the directory; null while inotify sees all of it.</summary>
    public BootTime? RescanAt { get; private set; }

    /// <summary>Takes note of what happened. True when the directory is to be read.</summary>
    public bool Drain()
    {
        bool changed = _watch.Drain();
        Judge();
        return changed;
    }

    /// <summary>Tries to watch again what could not be watched.</summary>
    public void Renew()
    {
        _watch.Renew();
        Judge();
    }

    public void Dispose() => _watch.Dispose();

    private void Judge()
    {
        RescanAt = _watch.SeesAll ? null : BootTime.Now(_clock) + s_rescanAfter;
        if (_watch.Refusal is { } refusal)
        {
            if (_trouble.HappenedFor(refusal))
            {
                _logger.RecordsUnwatched(_directory, refusal);
            }
        }
        else if (_trouble.IsOver() > 0)
        {
            _logger.RecordsWatchedAgain(_directory);
        }
    }
}
