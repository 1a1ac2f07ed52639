using System.Globalization;
using HookAgent.Core.Linux;

namespace HookAgent.Core.Jobs;

/// <summary>
/// Tells a job's record from a later one of the same name, as a requeued job has. The hook spends nothing on it: each
/// record is a new file. On tmpfs, where the records are, an inode is never given twice in one boot; elsewhere it may be,
/// and then the time of writing differs. Neither changes when the file is renamed.
/// </summary>
/// <param name="Inode">By statx(2).</param>
/// <param name="ModifiedNsec">When it was written: nanoseconds since 1970, UTC.</param>
public readonly record struct RecordIdentity(ulong Inode, long ModifiedNsec)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordIdentity identity)
    {
        identity = default;
        int colon = text.IndexOf(':');
        if (colon < 0
            || !ulong.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            || !long.TryParse(text[(colon + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long modified))
        {
            return false;
        }

        identity = new RecordIdentity(inode, modified);
        return true;
    }

    /// <summary>As it goes over the bus, where it means nothing but itself: "inode:nanoseconds".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inode}:{ModifiedNsec}");

    /// <summary>Of the file at <paramref name="path"/>; null where there is none, or it cannot be asked.</summary>
    public static unsafe RecordIdentity? Of(string path)
    {
        fixed (byte* bytes = PathBytes.Of(path))
        {
            return At(Libc.CurrentDirectory, bytes, out RecordIdentity identity) == 0 ? identity : null;
        }
    }

    internal static RecordIdentity Of(in FileStatus status) =>
        new(status.Inode, unchecked((status.ModifiedSeconds * 1_000_000_000) + status.ModifiedNanoseconds));

    /// <summary>Of what has a name in an open directory, a symlink itself; returns errno where there is nothing, else 0.</summary>
    internal static unsafe int At(int directory, byte* name, out RecordIdentity identity)
    {
        FileStatus status;
        if (Libc.StatX(directory, name, FileStatus.OfLink, FileStatus.TypeTimeInodeAndSize, &status) < 0)
        {
            identity = default;
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        }

        identity = Of(status);
        return 0;
    }
}
