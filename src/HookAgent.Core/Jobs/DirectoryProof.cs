using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Core.Jobs;

/// <summary>
/// A dot-file in the job directory that says: with what the agent remembers, this directory names every job. tmpfiles makes
/// it while booting, before any slurmd runs, and writes the boot's id into it; <c>hookctl reconcile</c> writes a word. An empty
/// one is still being made, and nobody knows by whom. It goes with the directory, so one that was made or replaced since has none.
/// <para>
/// Whoever reconciles holds the directory open from before Slurm is asked until the agent has the list. A directory that
/// took its place meanwhile may lack jobs that Slurm's list does not have yet, and gets no proof.
/// </para>
/// </summary>
public sealed unsafe class DirectoryProof : IDisposable
{
    public const string FileName = ".complete";
    private const uint WorldReadable = 0x1A4; // 0644

    /// <summary>The bytes of a boot's proof: a boot id as tmpfiles writes it (%b), in hexadecimal.</summary>
    private const int BytesOfBoot = 32;

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
        return new FileInfo(path) is { Exists: true, Length: >= BytesOfBoot } ? RecordIdentity.Of(path) : null;
    }

    internal static bool IsMade(in FileStatus status) => status.Size > 0;

    internal static bool IsOfBoot(in FileStatus status) => status.Size >= BytesOfBoot;

    /// <summary>Takes it away from a directory that it does not speak for. Where it stays, the next reading tries again.</summary>
    public static void Withdraw(string directory)
    {
        fixed (byte* path = PathBytes.Of(Path.Combine(directory, FileName)))
        {
            _ = Libc.Unlink(path);
        }
    }

    /// <summary>Makes it in the directory that was opened, unless it is there; errno(3) where it cannot be made, else 0.</summary>
    public int Make()
    {
        fixed (byte* name = Name)
        {
            int proof = Libc.OpenAt(_directory, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec, WorldReadable);
            int errno = proof < 0 ? Marshal.GetLastPInvokeError() : WriteIfEmpty(proof);
            if (proof >= 0)
            {
                _ = Libc.Close(proof);
            }

            return errno;
        }
    }

    private static int WriteIfEmpty(int proof)
    {
        FileStatus status;
        byte none = 0;
        if (Libc.StatX(proof, &none, FileStatus.OfDescriptor, FileStatus.TypeTimeInodeAndSize, &status) < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        ReadOnlySpan<byte> word = "reconciled\n"u8;
        fixed (byte* bytes = word)
        {
            return IsMade(status) || Libc.Write(proof, bytes, (nuint)word.Length) == word.Length ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    public void Dispose() => _ = Libc.Close(_directory);
}
