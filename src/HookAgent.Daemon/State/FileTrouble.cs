using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.State;

/// <summary>Writes a file of the agent's own, and tells when that does not work, once a cause, and when it works again.</summary>
/// <param name="consequence">What follows for the node from a file that is not written, and what to do.</param>
internal sealed class FileTrouble(ILogger logger, string consequence)
{
    private readonly RepeatedTrouble _trouble = new();

    /// <summary>False when it could not be written; that is told.</summary>
    public bool Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (_trouble.HappenedFor(failure.Message))
            {
                logger.StateFileFailed("write", path, failure.Message, consequence);
            }

            return false;
        }

        if (_trouble.IsOver() is > 0 and long times)
        {
            logger.StateFileWritten(path, times);
        }

        return true;
    }
}
