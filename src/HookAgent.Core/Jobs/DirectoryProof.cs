using System.Runtime.InteropServices;
using HookAgent.Core.Posix;

namespace HookAgent.Core.Jobs;

/// <summary>
/// A dot-file in the job directory that says: with what the agent remembers, this directory names every job. tmpfiles makes
/// it while booting, before any slurmd runs, and writes the boot's id into it; <c>hookctl reconcile</c> makes an empty one.
/// It goes with the directory, so one that was made or replaced since has none.
/// <para>
/// Whoever reconciles holds the directory open from before Slurm is asked until the agent has the list. A directory that
/// took its place meanwhile may lack jobs that Slurm's list does not have yet, and gets no proof.
/// </para>
/// </summary>
public sealed unsafe class DirectoryProof : IDisposable
{
    public const string FileName = ".complete";
    private const uint WorldReadable = 0x1A4; // 0644

    private readonly int _directory;

    /// <param name="directory">The job directory. One that cannot be opened gets no proof.</param>
    public DirectoryProof(string directory)
    {
        fixed (byte* bytes = PathBytes.Of(directory))
        {
            _directory = Libc.Open(bytes, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }
    }

    /// <summary><see cref="FileName"/>, with a zero byte behind it as any literal.</summary>
    internal static ReadOnlySpan<byte> Name => ".complete"u8;

    /// <summary>
    /// Tells the proof of this boot from that of a boot before: a soft-reboot (systemd 254) keeps the boot id and /run, and
    /// makes it anew. Null where there is none that was made at boot.
    /// </summary>
    public static RecordIdentity? OfBoot(string directory)
    {
        string path = Path.Combine(directory, FileName);
        return new FileInfo(path) is { Exists: true, Length: > 0 } ? RecordIdentity.Of(path) : null;
    }

    /// <summary>Makes it in the directory that was opened, unless it is there; errno(3) where it cannot be made, else 0.</summary>
    public int Make()
    {
        fixed (byte* name = Name)
        {
            int proof = Libc.OpenAt(_directory, name, OpenFlags.ReadOnly | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec, WorldReadable);
            if (proof < 0)
            {
                return Marshal.GetLastPInvokeError();
            }

            _ = Libc.Close(proof);
            return 0;
        }
    }

    public void Dispose() => _ = Libc.Close(_directory);
}
