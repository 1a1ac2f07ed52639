using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>
/// What is used of struct statx (linux/stat.h), which unlike struct stat has one layout on every
/// architecture. Its size is 256 bytes.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    /// <summary>STATX_TYPE | STATX_MTIME | STATX_INO | STATX_SIZE.</summary>
    public const uint TypeTimeInodeAndSize = 0x1 | 0x40 | 0x100 | 0x200;

    /// <summary>STATX_CTIME.</summary>
    public const uint ChangeTime = 0x80;

    /// <summary>AT_EMPTY_PATH: the status of the descriptor itself.</summary>
    public const int OfDescriptor = 0x1000;

    /// <summary>AT_SYMLINK_NOFOLLOW: the status of a symlink itself.</summary>
    public const int OfLink = 0x100;

    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(96)]
    public long ChangedSeconds;

    [FieldOffset(104)]
    public uint ChangedNanoseconds;

    /// <summary>When the contents were changed last: seconds since 1970, UTC, and nanoseconds.</summary>
    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(120)]
    public uint ModifiedNanoseconds;

    public readonly bool IsRegularFile => (Mode & TypeMask) == RegularFile;
}
