using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Posix;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Evidence;

/// <summary>
/// Says when the job directory is to be read without a hook's call: when inotify sees a change in it, and, while inotify
/// cannot see all of it, every second.
/// </summary>
internal sealed class RecordsWatch : IDisposable
{
    private static readonly TimeSpan s_lookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string _directory;
    private readonly DirectoryWatch _watch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RepeatedTrouble _trouble = new();

    public RecordsWatch(string directory, TimeProvider clock, ILogger logger)
    {
        _directory = directory;
        _watch = new DirectoryWatch(directory);
        _clock = clock;
        _logger = logger;
        Judge();
    }

    /// <summary>What to poll for readability; then <see cref="Drain"/>.</summary>
    public int Descriptor => _watch.Descriptor;

    /// <summary>When to <see cref="Renew"/> and read the directory; null while inotify sees all of it.</summary>
    public BootTime? LookAgainAt { get; private set; }

    /// <summary>Takes note of what happened. True when the directory is to be read.</summary>
    public bool Drain()
    {
        bool worthALook = _watch.Drain();
        Judge();
        return worthALook;
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
        LookAgainAt = _watch.SeesAll ? null : BootTime.Now(_clock) + s_lookAgainAfter;
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
