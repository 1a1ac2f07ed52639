using System.Runtime.InteropServices;
using HookAgent.Core.Linux;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.State;

/// <summary>
/// Keeps what must outlive the agent, and writes it on a thread of its own, which lives as long as that takes: a disk may need seconds, and the
/// loop must answer Prologs meanwhile. Only the newest is written. One that is to survive a power cut is then flushed to
/// the disk, with its folder's entry; until that is done a power cut may bring back the file as it was before, and a kill
/// of the agent may not.
/// </summary>
/// <param name="wrote">Told, on that thread, whenever <see cref="Written"/> has risen.</param>
internal sealed unsafe class StateWriter(StateFile file, Action wrote, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>What could not be written is tried again: a disk that was full may have room by then.</summary>
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(60);

    /// <summary>How long the end of the agent waits for what was asked last.</summary>
    private static readonly TimeSpan s_lastWork = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly FileTrouble _trouble = new(logger, "A hold, and what is known of the job directory, end with this agent.");
    private (PersistentState State, bool Flush)? _next;
    private Thread? _writer;
    private PersistentState _last = PersistentState.Empty;
    private bool _isFlushed;
    private volatile bool _failed;
    private BootTime? _retryAt;
    private long _asked;
    private long _written;

    /// <summary>The number of what was asked last and is written, or could not be, which was told.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>The number of what was asked for last; null where it is written.</summary>
    public long? Unwritten => _asked > Written ? _asked : null;

    /// <summary>When to <see cref="Retry"/>; null where all is written.</summary>
    public BootTime? RetryAt => _failed ? _retryAt ??= BootTime.Now(clock) + s_retryAfter : null;

    /// <summary>What an earlier agent kept; empty where it cannot be read, which is told.</summary>
    public PersistentState Load()
    {
        try
        {
            PersistentState state = file.Load();
            _isFlushed = state.Hold is { Persistent: true };
            return state;
        }
        catch (IOException failure)
        {
            logger.StateFileFailed("read", file.Path, failure.Message, "A hold of before this start is forgotten.");
            return PersistentState.Empty;
        }
    }

    /// <summary>Has it written soon. Returns at once. From the loop alone.</summary>
    public void Save(PersistentState state)
    {
        _last = state;
        _failed = false;
        _retryAt = null;

        // All else in it means nothing after a power cut. One that the disk has must be flushed with each change: a file that
        // has replaced it, and has not reached the disk, may leave nothing behind.
        bool persistent = state.Hold is { Persistent: true };
        bool flush = persistent || _isFlushed;
        _isFlushed = persistent;
        lock (_gate)
        {
            // What is not written yet and was to be flushed is so still.
            _next = (state, flush || _next is { Flush: true });
            _asked++;
            if (_writer is null)
            {
                _writer = new Thread(Run, 256 * 1024) { IsBackground = true, Name = "state" };
                _writer.Start();
            }
        }
    }

    /// <summary>Writes once more what could not be written.</summary>
    public void Retry() => Save(_last);

    public void Dispose()
    {
        if (_failed)
        {
            Retry();
        }

        Thread? writer;
        lock (_gate)
        {
            writer = _writer;
        }

        _ = writer?.Join(s_lastWork);
    }

    private void Run()
    {
        while (true)
        {
            PersistentState state;
            bool flush;
            long number;
            lock (_gate)
            {
                if (_next is null)
                {
                    _writer = null;
                    return;
                }

                ((state, flush), number) = (_next.Value, _asked);
                _next = null;
            }

            bool saved = _trouble.Write(file.Path, () => file.Save(state));
            _failed = !saved;
            Volatile.Write(ref _written, number);
            wrote();
            if (saved && flush)
            {
                Flush();
            }
        }
    }

    private void Flush()
    {
        int errno = Flush(file.Path);
        errno = errno != 0 ? errno : Flush(Path.GetDirectoryName(file.Path) ?? "/");
        if (errno != 0)
        {
            logger.StateFileFailed("flush", file.Path, Marshal.GetPInvokeErrorMessage(errno), "A power cut may undo a hold or a release.");
        }
    }

    /// <summary>0, or errno(3).</summary>
    private static int Flush(string what)
    {
        int descriptor;
        fixed (byte* bytes = PathBytes.Of(what))
        {
            descriptor = Libc.Open(bytes, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }

        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int errno = Libc.Synchronize(descriptor) < 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Libc.Close(descriptor);
        return errno;
    }
}
