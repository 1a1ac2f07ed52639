using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.State;

/// <summary>
/// The permits to start: a file named after a unit, without which the unit's ConditionPathExists= refuses every start
/// (%n of systemd.unit(5)). There is one only while a start of the agent's own is under way, so that neither an enabled
/// unit, a timer, a restart that systemd passes on nor a hand starts anything.
/// </summary>
/// <param name="path">Absolute; made by tmpfiles, and here where it is missing.</param>
internal sealed class PermitFolder(string path, ILogger logger)
{
    private string[] _granted = [];

    /// <summary>Takes away every permit: that of an agent that was killed, too.</summary>
    public void Clear()
    {
        try
        {
            foreach (string permit in Directory.Exists(path) ? Directory.GetFiles(path) : [])
            {
                File.Delete(permit);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            logger.StateFileFailed("clear", path, failure.Message, "systemd may start the provider without the agent; remove what lies there.");
        }
    }

    /// <summary>
    /// Lets systemd start a unit. Why that cannot be, or null. All its names are given: systemd puts the one in place of %n
    /// under which it loaded the unit first, and that may be an alias (systemd 252).
    /// </summary>
    public string? Grant(params string[] names)
    {
        try
        {
            Directory.CreateDirectory(path);
            _granted = names;
            foreach (string name in names)
            {
                File.WriteAllBytes(Path.Combine(path, name), []);
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    /// <summary>Takes the permit back, if there is one.</summary>
    public void Withdraw()
    {
        string[] names = _granted;
        _granted = [];
        foreach (string name in names)
        {
            try
            {
                File.Delete(Path.Combine(path, name));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                logger.StateFileFailed("remove", Path.Combine(path, name), failure.Message, "systemd may start the provider without the agent; remove it.");
            }
        }
    }
}
