using System.Globalization;
using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Core.Jobs;

/// <summary>
/// Removes the one record that was read, and never another that has its name by now. Linux has no unlink by inode. So
/// the record is renamed to a dot-name, looked at where nobody replaces it, and then removed, or put back if it is
/// another.
/// <para>
/// Another one is moved only if its Prolog renames it into place between our look and our rename. For the moment until
/// it is back systemd's ConditionDirectoryNotEmpty= and readers may find no record, as if that Prolog had written it
/// this much later. No start comes of it: the agent alone starts the provider and alone removes records, from one
/// thread, so it neither reads the directory nor calls systemd in between, and it answers the Prolog only after having
/// read again. An Epilog in that moment would find nothing, and the record would come back and be stale: the node is
/// busy for too long, never too short. An agent killed in that moment leaves the dot-name, and so does one that can neither
/// remove the record nor put it back, as where the file system has become read-only. A reader takes the dot-name for a job
/// (<see cref="UnreadableWhy.TakenAside"/>), and whoever reads to decide puts it back (<see cref="PutBack"/>).
/// </para>
/// </summary>
internal static unsafe class RecordRemoval
{
    private const string TakenSuffix = ".taken";

    /// <summary>Whether a name in the directory is that of a record that was taken aside; whose.</summary>
    internal static bool IsTaken(string name, out JobId job)
    {
        job = default;
        return name.Length > 1 + TakenSuffix.Length && name[0] == '.' && name.EndsWith(TakenSuffix, StringComparison.Ordinal)
            && JobId.TryParse(name.AsSpan(1, name.Length - 1 - TakenSuffix.Length), out job);
    }

    public static RecordChange Remove(string path, JobId job, RecordIdentity meant)
    {
        int directory = OpenDirectory(path);
        if (directory < 0)
        {
            return Failed(Marshal.GetLastPInvokeError());
        }

        string name = job.Value.ToString(CultureInfo.InvariantCulture);
        fixed (byte* record = PathBytes.Of(name), taken = PathBytes.Of($".{name}{TakenSuffix}"))
        {
            RecordChange change = Remove(directory, record, taken, meant);
            _ = Libc.Close(directory);
            return change;
        }
    }

    /// <summary>Gives the records their names back that a remover took, and was killed over or could not put back.</summary>
    public static void PutBack(string path)
    {
        int directory = OpenDirectory(path);
        if (directory < 0)
        {
            return;
        }

        foreach (string file in Directory.EnumerateFileSystemEntries(path, $".*{TakenSuffix}"))
        {
            string taken = Path.GetFileName(file);
            if (IsTaken(taken, out JobId job))
            {
                fixed (byte* from = PathBytes.Of(taken), to = PathBytes.Of(job.Value.ToString(CultureInfo.InvariantCulture)))
                {
                    GiveBack(directory, from, to);
                }
            }
        }

        _ = Libc.Close(directory);
    }

    private static RecordChange Remove(int directory, byte* record, byte* taken, RecordIdentity meant)
    {
        if (RecordIdentity.At(directory, record, out RecordIdentity there) is var gone and not 0)
        {
            // It may have been taken aside before.
            return gone == Errno.NoSuchEntry && RecordIdentity.At(directory, taken, out there) == 0 && there == meant && Libc.UnlinkAt(directory, taken, 0) == 0
                ? new RecordChange(RecordOutcome.Done)
                : Failed(gone);
        }

        if (there != meant)
        {
            return new RecordChange(RecordOutcome.WasNotThere);
        }

        if (Libc.RenameAt(directory, record, directory, taken, 0) < 0)
        {
            return Failed(Marshal.GetLastPInvokeError());
        }

        if (RecordIdentity.At(directory, taken, out there) != 0 || there != meant)
        {
            GiveBack(directory, taken, record);
            return new RecordChange(RecordOutcome.WasNotThere);
        }

        if (Libc.UnlinkAt(directory, taken, 0) == 0)
        {
            return new RecordChange(RecordOutcome.Done);
        }

        int errno = Marshal.GetLastPInvokeError();
        GiveBack(directory, taken, record);
        return Failed(errno);
    }

    private static void GiveBack(int directory, byte* taken, byte* record)
    {
        if (Libc.RenameAt(directory, taken, directory, record, RenameFlags.NoReplace) == 0)
        {
            return;
        }

        if (Marshal.GetLastPInvokeError() == Errno.AlreadyThere)
        {
            // A still newer record has the name, as if it had replaced this one there.
            _ = Libc.UnlinkAt(directory, taken, 0);
        }
        else
        {
            // A file system without RENAME_NOREPLACE: of two records of one job either says that the job is here.
            _ = Libc.RenameAt(directory, taken, directory, record, 0);
        }
    }

    private static int OpenDirectory(string path)
    {
        fixed (byte* bytes = PathBytes.Of(path))
        {
            return Libc.Open(bytes, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }
    }

    private static RecordChange Failed(int errno) => errno == Errno.NoSuchEntry
        ? new RecordChange(RecordOutcome.WasNotThere)
        : new RecordChange(RecordOutcome.RemoveFailed, errno);
}
