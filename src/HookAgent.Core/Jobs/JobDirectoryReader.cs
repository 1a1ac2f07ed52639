using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Core.Linux;
using HookAgent.Core.Time;

namespace HookAgent.Core.Jobs;

/// <summary>
/// One look at the record directory. Everything goes through the one descriptor that was opened, so that
/// what is read and the proof that it is complete belong together, also while the directory is being replaced.
/// </summary>
internal sealed unsafe class JobDirectoryReader
{
    private readonly int _directory;
    private readonly BootId? _boot;
    private readonly List<JobRecord> _records = [];
    private readonly List<JobRecord> _otherBoot = [];
    private readonly List<UnreadableEntry> _unreadable = [];
    private readonly Dictionary<JobId, RecordIdentity> _identities = [];

    private JobDirectoryReader(int directory, BootId? boot)
    {
        _directory = directory;
        _boot = boot;
    }

    public static JobReading Read(string path, BootId? boot)
    {
        int directory;
        fixed (byte* bytes = PathBytes.Of(path))
        {
            directory = Libc.Open(bytes, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }

        if (directory < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            return Nothing(errno);
        }

        try
        {
            return new JobDirectoryReader(directory, boot).Read();
        }
        finally
        {
            _ = Libc.Close(directory);
        }
    }

    private JobReading Read()
    {
        if (ReadEntries() is var errno and not 0)
        {
            return Nothing(errno);
        }

        bool complete = ReadProof(out RecordIdentity? ofBoot);
        _records.Sort(static (a, b) => a.Job.CompareTo(b.Job));
        _otherBoot.Sort(static (a, b) => a.Job.CompareTo(b.Job));
        _unreadable.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new JobReading(
            DirectoryCondition.Readable,
            complete,
            ofBoot,
            [.. _records],
            [.. _otherBoot],
            [.. _unreadable],
            _identities,
            0);
    }

    private static JobReading Nothing(int errno) => new(
        errno switch
        {
            Errno.NoSuchEntry => DirectoryCondition.Missing,
            Errno.NotADirectory or Errno.TooManyLinks => DirectoryCondition.NotADirectory,
            _ => DirectoryCondition.Unreadable,
        },
        false,
        null,
        [],
        [],
        [],
        new Dictionary<JobId, RecordIdentity>(),
        errno);

    /// <summary>
    /// The proof is looked for when all records were: who takes both away takes the proof first, so that no record has gone
    /// from a directory that still seems complete.
    /// </summary>
    private bool ReadProof(out RecordIdentity? ofBoot)
    {
        ofBoot = null;
        FileStatus status;
        fixed (byte* name = DirectoryProof.Name)
        {
            if (Libc.StatX(_directory, name, FileStatus.OfLink, FileStatus.TypeTimeInodeAndSize, &status) < 0)
            {
                return false;
            }
        }

        ofBoot = DirectoryProof.IsOfBoot(status) ? RecordIdentity.Of(status) : null;
        return DirectoryProof.IsMade(status);
    }

    private static int StatusOf(int descriptor, out FileStatus status)
    {
        byte empty = 0;
        fixed (FileStatus* pointer = &status)
        {
            return Libc.StatX(descriptor, &empty, FileStatus.OfDescriptor, FileStatus.TypeTimeInodeAndSize, pointer) < 0
                ? Marshal.GetLastPInvokeError()
                : 0;
        }
    }

    /// <summary>Takes in each entry; returns errno when the listing failed, else 0.</summary>
    private int ReadEntries()
    {
        // struct linux_dirent64 (getdents(2)): u64 inode, s64 offset, u16 length, u8 type, name and a zero.
        const int lengthAt = 16;
        const int nameAt = 19;
        Span<byte> buffer = stackalloc byte[8192];
        while (true)
        {
            nint filled;
            fixed (byte* start = buffer)
            {
                filled = Libc.GetDirectoryEntries(_directory, start, (nuint)buffer.Length);
            }

            if (filled <= 0)
            {
                return filled == 0 ? 0 : Marshal.GetLastPInvokeError();
            }

            for (Span<byte> rest = buffer[..(int)filled]; !rest.IsEmpty;)
            {
                ushort length = MemoryMarshal.Read<ushort>(rest[lengthAt..]);
                ReadOnlySpan<byte> name = rest[nameAt..length];
                name = name[..(name.IndexOf((byte)0) + 1)];
                rest = rest[length..];
                if (name[0] != '.')
                {
                    Take(name);
                }
                else
                {
                    TakeHidden(name);
                }
            }
        }
    }

    /// <summary>Records in the making say nothing; a record that is there under another name says that its job is.</summary>
    private void TakeHidden(ReadOnlySpan<byte> nameAndZero)
    {
        // In every directory, and read at every nudge: not a byte of memory for it.
        if (nameAndZero[..^1].SequenceEqual(DirectoryProof.Name))
        {
            return;
        }

        string name = Encoding.UTF8.GetString(nameAndZero[..^1]);
        if (!RecordRemoval.IsTaken(name, out JobId job))
        {
            return;
        }

        _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.TakenAside));
        fixed (byte* bytes = nameAndZero)
        {
            if (RecordIdentity.At(_directory, bytes, out RecordIdentity identity) == 0)
            {
                // A record of that name is the newer one.
                _identities.TryAdd(job, identity);
            }
        }
    }

    /// <param name="nameAndZero">The entry's name, with the zero byte that ends it.</param>
    private void Take(ReadOnlySpan<byte> nameAndZero)
    {
        string name = Encoding.UTF8.GetString(nameAndZero[..^1]);
        if (!JobId.TryParse(name, out JobId job))
        {
            _unreadable.Add(new UnreadableEntry(name, null, UnreadableWhy.NameIsNoJobId));
            return;
        }

        int file;
        fixed (byte* bytes = nameAndZero)
        {
            // Non-blocking, or a FIFO would wait for a writer.
            file = Libc.OpenAt(_directory, bytes, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }

        if (file >= 0)
        {
            Take(name, job, file);
            _ = Libc.Close(file);
            return;
        }

        switch (Marshal.GetLastPInvokeError())
        {
            case Errno.NoSuchEntry:
                // Its Epilog came between the listing and us.
                break;
            case Errno.TooManyLinks or Errno.NoSuchDeviceOrAddress:
                Identify(nameAndZero, job);
                _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.NotARegularFile));
                break;
            case int errno:
                Identify(nameAndZero, job);
                _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.ReadFailed, errno));
                break;
        }
    }

    /// <summary>Takes in the identity of what cannot be opened.</summary>
    private void Identify(ReadOnlySpan<byte> nameAndZero, JobId job)
    {
        fixed (byte* bytes = nameAndZero)
        {
            if (RecordIdentity.At(_directory, bytes, out RecordIdentity identity) == 0)
            {
                _identities[job] = identity;
            }
        }
    }

    private void Take(string name, JobId job, int file)
    {
        if (StatusOf(file, out FileStatus status) is var failure and not 0)
        {
            _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.ReadFailed, failure));
            return;
        }

        _identities[job] = RecordIdentity.Of(status);
        if (!status.IsRegularFile)
        {
            _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.NotARegularFile));
        }
        else if (status.Size > JobRecordParser.MaxFileBytes)
        {
            _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.TooLarge));
        }
        else
        {
            TakeText(name, job, file, (int)status.Size);
        }
    }

    private void TakeText(string name, JobId job, int file, int size)
    {
        // No more than was promised is read, however fast the file grows.
        byte[] text = new byte[size];
        int length = SmallFile.ReadAll(file, text, out int errno);
        if (length < 0)
        {
            _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.ReadFailed, errno));
        }
        else if (JobRecordParser.Parse(job, text.AsSpan(0, length)) is not { } record)
        {
            _unreadable.Add(new UnreadableEntry(name, job, UnreadableWhy.NotThisJob));
        }
        else if (_boot is { } boot && record.Boot is { } recorded && recorded != boot)
        {
            _otherBoot.Add(record);
        }
        else
        {
            _records.Add(record);
        }
    }
}
