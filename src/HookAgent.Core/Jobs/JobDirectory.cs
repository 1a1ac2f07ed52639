using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Core.Linux;
using HookAgent.Core.Text;
using HookAgent.Core.Time;

namespace HookAgent.Core.Jobs;

/// <summary>
/// The directory of job records: which jobs are on this node is what it holds, and nothing else. A record
/// appears and vanishes whole. Names that start with a dot are records in the making and do not count, here
/// as in systemd's ConditionDirectoryNotEmpty=; but for one that was taken aside to be removed, and the proof
/// that the directory is complete (<see cref="DirectoryProof"/>).
/// </summary>
/// <param name="path">Absolute; made at boot, never by us.</param>
public sealed unsafe class JobDirectory(string path)
{
    private const uint WorldReadable = 0x1A4; // 0644

    public string Path { get; } = path;

    /// <summary>
    /// Puts <paramref name="record"/> there, in place of an older one of the same job. Does not throw, and
    /// leaves nothing behind when it fails.
    /// </summary>
    public RecordChange Add(JobRecord record)
    {
        Span<byte> nameBuffer = stackalloc byte[PathBytes.Max];
        Span<byte> temporaryBuffer = stackalloc byte[PathBytes.Max];
        Span<byte> text = stackalloc byte[JobRecordFormat.MaxRecordBytes];
        if (!TryName(nameBuffer, record.Job, 0) || !TryName(temporaryBuffer, record.Job, Libc.GetPid()))
        {
            return new RecordChange(RecordOutcome.CreateFailed, Errno.NameTooLong);
        }

        text = text[..JobRecordFormat.Write(record, text)];
        fixed (byte* name = nameBuffer, temporary = temporaryBuffer)
        {
            RecordChange change = WriteNew(temporary, text);
            if (change.Outcome == RecordOutcome.Done && Libc.Rename(temporary, name) < 0)
            {
                change = new RecordChange(RecordOutcome.RenameFailed, Marshal.GetLastPInvokeError());
            }

            if (change.Outcome is not (RecordOutcome.Done or RecordOutcome.CreateFailed))
            {
                _ = Libc.Unlink(temporary);
            }

            return change;
        }
    }

    /// <summary>Takes the job's record away, whichever it is: the Epilog's way. Does not throw.</summary>
    public RecordChange Remove(JobId job)
    {
        Span<byte> buffer = stackalloc byte[PathBytes.Max];
        if (!TryName(buffer, job, 0))
        {
            return new RecordChange(RecordOutcome.RemoveFailed, Errno.NameTooLong);
        }

        fixed (byte* name = buffer)
        {
            if (Libc.Unlink(name) == 0)
            {
                return new RecordChange(RecordOutcome.Done);
            }
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.NoSuchEntry
            ? new RecordChange(RecordOutcome.WasNotThere)
            : new RecordChange(RecordOutcome.RemoveFailed, errno);
    }

    /// <summary>Takes away the record that was read, and leaves a later one of the same job. Does not throw.</summary>
    public RecordChange Remove(JobId job, RecordIdentity meant) => RecordRemoval.Remove(Path, job, meant);

    /// <summary>Puts back what an agent was about to remove when it was killed, or could not put back itself. For the agent.</summary>
    /// <exception cref="IOException">The directory cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be listed.</exception>
    public void PutBackTaken() => RecordRemoval.PutBack(Path);

    /// <summary>
    /// Looks at what is there now. A record that appears or vanishes meanwhile may be seen or not: whoever
    /// changed it says so afterwards, and one looks again.
    /// </summary>
    /// <param name="boot">This boot, to tell another's records apart; null takes all of them for this one's.</param>
    public JobReading Read(BootId? boot) => JobDirectoryReader.Read(Path, boot);

    private static RecordChange WriteNew(byte* temporary, ReadOnlySpan<byte> text)
    {
        int flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow
            | OpenFlags.NonBlocking | OpenFlags.CloseOnExec;
        int descriptor = Libc.Open(temporary, flags, WorldReadable);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.AlreadyThere)
        {
            // Left by a hook that was killed at this very job and whose process id is now ours.
            _ = Libc.Unlink(temporary);
            descriptor = Libc.Open(temporary, flags, WorldReadable);
        }

        if (descriptor < 0)
        {
            return new RecordChange(RecordOutcome.CreateFailed, Marshal.GetLastPInvokeError());
        }

        RecordChange change = new(RecordOutcome.Done);
        // The mode given to open(2) went through a umask that is not ours.
        if (Libc.FChMod(descriptor, WorldReadable) < 0)
        {
            change = new RecordChange(RecordOutcome.ModeFailed, Marshal.GetLastPInvokeError());
        }
        else
        {
            fixed (byte* bytes = text)
            {
                nint written = Libc.Write(descriptor, bytes, (nuint)text.Length);
                if (written != text.Length)
                {
                    // A short write to a file means that there is no more room.
                    change = new RecordChange(RecordOutcome.WriteFailed, written < 0 ? Marshal.GetLastPInvokeError() : Errno.NoSpace);
                }
            }
        }

        _ = Libc.Close(descriptor);
        return change;
    }

    /// <summary>Writes <c>path/job</c>, or <c>path/.job.process</c>, and a zero byte; false if it is too long.</summary>
    private bool TryName(Span<byte> destination, JobId job, int process)
    {
        const int longestName = 1 + JobId.MaxDigits + 1 + 10 + 1;
        if (!Encoding.UTF8.TryGetBytes(Path, destination, out int length)
            || destination.Length - length < 1 + longestName)
        {
            return false;
        }

        destination[length++] = (byte)'/';
        if (process != 0)
        {
            destination[length++] = (byte)'.';
        }

        length += Digits.Write(job.Value, destination[length..]);
        if (process != 0)
        {
            destination[length++] = (byte)'.';
            length += Digits.Write(process, destination[length..]);
        }

        destination[length] = 0;
        return true;
    }
}
