using System.Diagnostics;
using HookAgent.Bus.Systemd;
using HookAgent.Bus.Wire;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Adopt;

/// <summary>
/// What adopting a unit does to the node, step by step. The drop-in comes first and goes last, because it has what --undo
/// puts back: wherever hookctl is killed, --undo knows it.
/// </summary>
internal sealed class Adoption(SystemRoot root, AgentConnection agent, string unit)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>A node with thousands of units takes some seconds.</summary>
    private static readonly TimeSpan s_reload = TimeSpan.FromSeconds(60);

    /// <summary>In microseconds: what hookctl waits for a unit whose TimeoutStopSec= is longer.</summary>
    private const ulong LongestStop = 60_000_000;

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(5);
    private readonly UnitLinks _links = new(root);

    /// <summary>Writes the drop-in, disables the unit and has systemd read both. Says what failed; null for nothing.</summary>
    public string? Begin(string text, IEnumerable<UnitLink> enabledBy)
    {
        Write(text);
        _links.Remove(enabledBy);
        return Reload();
    }

    /// <summary>Takes back what <see cref="Begin"/> did, as far as that came.</summary>
    public void TakeBack(string? earlier, IEnumerable<UnitLink> enabledBy)
    {
        _links.Restore(enabledBy);
        if (earlier is null)
        {
            Delete();
        }
        else
        {
            Write(earlier);
        }

        _ = Reload();
    }

    /// <summary>Ends an adoption.</summary>
    /// <param name="failure">What failed; null for nothing.</param>
    /// <returns>The links that were not put back.</returns>
    public IReadOnlyList<UnitLink> End(IEnumerable<UnitLink> enabledBy, out string? failure)
    {
        IReadOnlyList<UnitLink> left = _links.Restore(enabledBy);
        Delete();
        failure = Reload();
        return left;
    }

    /// <summary>Stops the unit, which runs without the limits of the drop-in, and waits for its end. Says what failed; null for nothing.</summary>
    public string? Stop()
    {
        BusAnswer asked = agent.Bus.Call(ManagerCalls.StopUnit(unit), s_answer);
        long began = Stopwatch.GetTimestamp();
        while (asked.IsSuccess && agent.ReadUnit(unit) is { ActiveState: not ("inactive" or "failed") } running)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMicroseconds(Math.Min(running.TimeoutStopUsec ?? 0, LongestStop)) + s_answer)
            {
                return $"{unit} is adopted, but has not stopped yet; see 'systemctl status {unit}'";
            }

            Thread.Sleep(50);
        }

        return asked.IsSuccess ? null : $"{unit} is adopted, but systemd did not stop it ({asked.ErrorText}); run 'systemctl stop {unit}'";
    }

    private void Write(string text)
    {
        string path = root.Real(AdoptDropIn.PathOf(unit));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using AtomicFile file = new(path);
        file.Writer.Write(text);
        file.Finish();
        File.SetUnixFileMode(path, Mode);
    }

    /// <summary>Other drop-ins of the unit's keep the folder.</summary>
    private void Delete()
    {
        File.Delete(root.Real(AdoptDropIn.PathOf(unit)));
        string folder = root.Real(AdoptDropIn.FolderOf(unit));
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private string? Reload()
    {
        BusAnswer answer = agent.Bus.Call(ManagerCalls.Reload, s_reload);
        return answer.IsSuccess ? null : $"systemd did not read its unit files anew ({answer.ErrorText}); run 'systemctl daemon-reload', then this again";
    }
}
