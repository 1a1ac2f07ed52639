namespace HookAgent.Core.Journal;

/// <summary>
/// The MESSAGE_ID of each event that an operator may act on: constant for ever, and with an entry in the
/// message catalog, which <c>journalctl -x</c> shows.
/// </summary>
public static class MessageIds
{
    /// <summary>The hook was run in a way it cannot make sense of: no verb and no context, or a bad option.</summary>
    public const string HookMisused = "a2b9ef314df041209ff8b1040b21d3bd";

    /// <summary>slurmd's environment or the command line names no job, or something that is no job id.</summary>
    public const string HookWithoutJob = "109e53f3d0b5414daff44ab9ce668259";

    /// <summary>The hook is set as another of Slurm's scripts than Prolog and Epilog.</summary>
    public const string HookInOtherContext = "876ae3d70077461aa1ccb73c0df0076d";

    /// <summary>The hook was run by somebody who is not root.</summary>
    public const string HookNotRoot = "ecc4e32fa5f343c68209e8d410416b1e";

    /// <summary>A job begins whose record could not be written: the node counts as unknown until it ends.</summary>
    public const string RecordNotWritten = "b9e193e453284ad8ac698d28353e4e40";

    /// <summary>A job has ended whose record could not be removed: the node stays busy.</summary>
    public const string RecordNotRemoved = "a8d8e36087f5465dafa65303f797e1eb";

    /// <summary>The settings that the agent publishes for the hook are bad; their defaults were taken.</summary>
    public const string HookSettingsBad = "2b1beada50d64dfa976de43961eaad99";

    /// <summary>The hook could not reach the system bus, or the bus turned it away or spoke nonsense.</summary>
    public const string BusUnusable = "3b922421df7d48f98265bdafaa4aa3ba";

    /// <summary>The system bus accepted the hook's call and said nothing until the deadline.</summary>
    public const string BusSilent = "cc41d153307a4ef4bc5b45e1453f601a";

    /// <summary>Nobody owns the agent's name on the system bus.</summary>
    public const string DaemonAbsent = "0d08683dda044919bc8802076e21c29a";

    /// <summary>The agent did not answer the hook until the deadline.</summary>
    public const string DaemonSilent = "ce36b6bd01a143bcbabdbcf6c4f92cfe";

    /// <summary>The bus or the agent answered the hook's call with an error.</summary>
    public const string CallRefused = "3e14423e92e2453f8d5e39a79138d435";

    /// <summary>The hook came to an end that its authors did not think of.</summary>
    public const string HookFault = "5f2d0c7e7c4c4ec49d2dcb0a4b9b6a43";
}
