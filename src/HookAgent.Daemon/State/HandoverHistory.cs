using System.Globalization;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.State;

/// <summary>
/// The last handovers, for whoever asks the agent. They are kept in its run directory, so that they outlive the agent and
/// end with the boot: a line each, the newest first, of four words: when it was over in microseconds of the calendar, the
/// job, how long it took, and how long of that the provider ran beside the job, both in microseconds.
/// </summary>
internal sealed class HandoverHistory(string path, TimeProvider clock, ILogger logger)
{
    /// <summary>As many as are of use on one screen.</summary>
    private const int Most = 10;

    private readonly FileTrouble _trouble = new(logger, "'hookctl status' shows the handovers of before a restart of the agent no more.");
    private bool _isNew;

    public IReadOnlyList<NodeHandover> Recent { get; private set; } = [];

    /// <summary>Takes over what an agent before this one has seen. A file that cannot be read, or used, counts as none.</summary>
    public void Load()
    {
        try
        {
            Recent = [.. (OwnFile.ReadLines(path) ?? []).Take(Most).Select(Parse).OfType<NodeHandover>()];
        }
        catch (IOException)
        {
            // The first one that is written tells of it.
        }
    }

    public void Add(HandoverDone done)
    {
        ulong now = (ulong)Math.Max(0, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        NodeHandover handover = new(now, done.Job.ToString(), Usec(done.Handover), Usec(done.Overlap));
        Recent = [handover, .. Recent.Take(Most - 1)];
        _isNew = true;
    }

    /// <summary>Writes the file, where there is anything new.</summary>
    public void Save()
    {
        if (_isNew)
        {
            _isNew = false;
            _ = _trouble.Write(path, () => ReplacedFile.Write(path, string.Concat(Recent.Select(Line))));
        }
    }

    private static ulong Usec(TimeSpan span) => (ulong)Math.Max(0, span.Ticks / TimeSpan.TicksPerMicrosecond);

    private static string Line(NodeHandover handover) =>
        string.Create(CultureInfo.InvariantCulture, $"{handover.At} {handover.JobId} {handover.Usec} {handover.OverlapUsec}\n");

    private static NodeHandover? Parse(string line) =>
        line.Split(' ') is [var at, var job, var usec, var overlap]
        && JobId.TryParse(job, out JobId id) && TryParse(at, out ulong atUsec) && TryParse(usec, out ulong took) && TryParse(overlap, out ulong beside)
            ? new NodeHandover(atUsec, id.ToString(), took, beside)
            : null;

    private static bool TryParse(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
