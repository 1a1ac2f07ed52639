using HookAgent.Core.Jobs;

namespace HookAgent.Daemon.Evidence;

/// <summary>
/// A file beside the job directory that tmpfiles writes only while booting (tmpfiles.d(5), "!"): with it the
/// directory has been there since before the first job of this boot. A soft-reboot (systemd 254) keeps the boot id and
/// /run, and writes the file anew.
/// </summary>
internal static class BootMarker
{
    public const string FileName = "made-at-boot";

    public static bool IsThere(string runDirectory) => File.Exists(Path.Combine(runDirectory, FileName));

    /// <summary>Tells this boot's from that of an earlier soft-reboot; null where there is none.</summary>
    public static RecordIdentity? Of(string runDirectory) => RecordIdentity.Of(Path.Combine(runDirectory, FileName));
}
