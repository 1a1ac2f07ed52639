namespace HookAgent.Daemon.Evidence;

/// <summary>
/// A file beside the job directory that tmpfiles makes only while booting (tmpfiles.d(5), "!"): with it the
/// directory has been there since before the first job of this boot.
/// </summary>
internal static class BootMarker
{
    public const string FileName = "made-at-boot";

    public static bool IsThere(string runDirectory) => File.Exists(Path.Combine(runDirectory, FileName));
}
