using HookAgent.Core.Node;

namespace HookAgent.Core.Journal;

/// <summary>
/// The MESSAGE_ID of each event that hookagentd tells: constant for ever. Where somebody may have to act on it, it has an
/// entry in the message catalog, which <c>journalctl -x</c> shows.
/// </summary>
public static class NodeMessageIds
{
    /// <summary>What goes on as it should, many times a day: a page for each would hide the others.</summary>
    public static IReadOnlyList<string> Ordinary { get; } =
        [DaemonStarted, DaemonStopping, SettingsReloaded, StateChanged, JobAppeared, JobDisappeared, HandoverDone, ProviderStopped, HoldEnded];

    /// <summary>The changes of state that have a page of their own.</summary>
    public static string Of(Reason reason) => reason switch
    {
        Reason.SecondSignal => StopTookSecondSignal,
        Reason.Killed => StopTookKill,
        Reason.ProcessesRemain => ProcessesRemain,
        Reason.Masked => UnitMasked,
        Reason.RequiredUnitInactive => RequiredUnitInactive,
        Reason.DirectoryUnproven => DirectoryUnproven,
        Reason.DirectoryMissing => DirectoryMissing,
        Reason.DirectoryUnreadable => DirectoryUnreadable,
        _ => StateChanged,
    };

    /// <summary>The agent has started: its version and the settings it works with.</summary>
    public const string DaemonStarted = "6fb02bd324d24ed5948271abf9986c34";

    /// <summary>The agent ends because it was asked to.</summary>
    public const string DaemonStopping = "a5b5804d4e0c4355ac488f85075ffe2d";

    /// <summary>The agent ends because of a fault in itself.</summary>
    public const string DaemonFault = "9990e6abdf1148eeb5912bb0a25d8662";

    /// <summary>The settings cannot be used: the agent does not start, or keeps the old ones.</summary>
    public const string SettingsBad = "9066c368cc3f4e9da13b55dee4cc3de3";

    /// <summary>New settings are in force after a reload.</summary>
    public const string SettingsReloaded = "6016a5fd03734d22bedeada83bcf27cb";

    /// <summary>The node went from one state to another, for a reason that asks for nothing, or is told by another entry too.</summary>
    public const string StateChanged = "2751456c3f7b4726ade09f88086377d2";

    /// <summary>The provider had to be told twice to stop. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string StopTookSecondSignal = "d13c513a42f84da197b1165f0971b7c4";

    /// <summary>The provider had to be killed. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string StopTookKill = "25abd89bd67e4d929a8318174d645fa6";

    /// <summary>Processes of the provider outlive its unit. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string ProcessesRemain = "3cbb7daa64c144fa98a7c8252abc5619";

    /// <summary>The provider's unit is masked. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string UnitMasked = "eca9bad1449e48e4915ce760f3e452f2";

    /// <summary>A unit that RequireUnit= names is not active. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string RequiredUnitInactive = "76e9c8092966493d9bc16f01162794bf";

    /// <summary>The job directory was made after boot. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string DirectoryUnproven = "29ec148cead5426394d6d23508bd9d96";

    /// <summary>There is no job directory. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string DirectoryMissing = "959575fe0a734d03943a2c9fbed3e91c";

    /// <summary>The job directory cannot be read. The node went into that state; all else is as for <see cref="StateChanged"/>.</summary>
    public const string DirectoryUnreadable = "7d791a3ca63c45f99dcdc219fe72c33b";

    /// <summary>A job's record, or word of it, appeared.</summary>
    public const string JobAppeared = "8dbd05f6f615476bbe4abccbd37d55cd";

    /// <summary>A job's record is gone.</summary>
    public const string JobDisappeared = "0d014879c6cc47af8ec7c55cb275fc2e";

    /// <summary>The provider is gone and the job that came has the node to itself.</summary>
    public const string HandoverDone = "62474b1912e74a1e96b3ed42260f6e65";

    /// <summary>PrologWait ran out with the provider still there.</summary>
    public const string PrologWaitOver = "11776d9eafb54019aee6c9d244573455";

    /// <summary>The provider was stopped, and how hard that was.</summary>
    public const string ProviderStopped = "57c9a82ea08845e7a758e3f191e114f6";

    /// <summary>The provider survives SIGKILL.</summary>
    public const string ProviderSurvives = "854c823064714d6183cdcd8ced6d3372";

    /// <summary>The provider failed to start or ended by itself.</summary>
    public const string ProviderFailed = "478578f9fdc9407589d9ec094124e6ad";

    /// <summary>The ExecCondition= of the provider's unit refused a start.</summary>
    public const string ExecConditionRefused = "e27e9c474dae4f6db4b251fa05116571";

    /// <summary>After failures the provider runs well again.</summary>
    public const string ProviderRecovered = "652948c451774e30bc56b647711777e5";

    /// <summary>systemd refused to stop or to signal the provider.</summary>
    public const string StopRefused = "a650087b634243a4894f4021f43519a1";

    /// <summary>A hold began.</summary>
    public const string HoldBegan = "856bc989a4b949bcb89930541b4cd55c";

    /// <summary>A hold ended.</summary>
    public const string HoldEnded = "052802be82324fc4bfbdbbe5d7a400a7";

    /// <summary>Something in the job directory cannot be read, or the directory itself.</summary>
    public const string RecordUnreadable = "d2604f9aaab540429d456303521684b1";

    /// <summary>The job directory's proof was made as by a boot while the agent runs.</summary>
    public const string ProofRefused = "0434f4ba9abc4d3ca2c95742feba92e1";

    /// <summary>The kernel refuses to watch the job directory, or does so again.</summary>
    public const string RecordsUnwatched = "11c81fb4732449e1818d03dc9121c2fa";

    /// <summary>A job is past its end time, has no slurmstepd, and its record is still there.</summary>
    public const string RecordStale = "fef45c71b0ab4560802b8c6bed07a2e0";

    /// <summary>A slurmstepd runs for a job that has no record.</summary>
    public const string StepWithoutRecord = "0f32dd4f51c34c93a8287f58e37fb51d";

    /// <summary>The bus, or systemd on it, is out of reach.</summary>
    public const string BusLost = "583c68d28b4246c6891c20ccee24d4fa";

    /// <summary>The connection on which everybody reads the status is gone, and comes back.</summary>
    public const string StatusLost = "706236be28354a51ad0c8b810058b851";

    /// <summary>The bus and systemd answer again.</summary>
    public const string BusFound = "951268643e6c4b7d9e95f52ca3a33541";

    /// <summary>Another process owns the agent's name on the bus.</summary>
    public const string NameTaken = "e08d7399ca654aa3a8048bfab149a4d9";

    /// <summary>The agent ends so that systemd stops a provider that it cannot have stopped itself.</summary>
    public const string GaveUp = "b04ed46de8304ba49be931f1db5b8f70";

    /// <summary>Somebody called a method without the right to.</summary>
    public const string CallDenied = "336521f0af4149caa5e453f2f7ba3ba8";

    /// <summary>A file of the agent's own could not be written or read.</summary>
    public const string StateFileFailed = "5c4c4420617e49ba9e285abf9cdb75eb";

    /// <summary>A file of the agent's own is written again.</summary>
    public const string StateFileWritten = "c4f70e85edeb4330b16a2e5e2e4d3e72";

    /// <summary>Entries were lost because the journal did not take them.</summary>
    public const string EntriesDropped = "9498f638d9254b3fa54aef18e65a2e02";

    /// <summary>An operator said that a job is gone, and its record was removed.</summary>
    public const string RecordDropped = "98f9a808bc6a4d53bfc8b60df801cbfa";

    /// <summary>A job came and ended while the provider could not be stopped.</summary>
    public const string JobRanBeside = "25ee8c658a884f03becfe185db9b09fb";

    /// <summary>Somebody asked systemd to start the provider, and the agent takes it up.</summary>
    public const string StartRequested = "11382d6565764369bcc2d814e1be2fd6";

    /// <summary>A running unit is bound to the agent and is not the one it lends.</summary>
    public const string StrayFound = "7b6527cceb5349928e55a6a1e5543dd1";
}
