using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

// sd_journal_open(3), sd_journal_add_match(3), sd_journal_next(3), sd_journal_get_data(3)
internal static unsafe partial class LibSystemd
{
    /// <summary>SD_JOURNAL_LOCAL_ONLY: the journal of this machine.</summary>
    internal const int LocalOnly = 1;

    [LibraryImport(Library)]
    internal static partial int sd_journal_open(nint* journal, int flags);

    [LibraryImport(Library)]
    internal static partial void sd_journal_close(nint journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_add_match(nint journal, byte* data, nuint size);

    [LibraryImport(Library)]
    internal static partial void sd_journal_flush_matches(nint journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_seek_tail(nint journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_previous(nint journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_get_realtime_usec(nint journal, ulong* usec);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_journal_get_data(nint journal, string field, byte** data, nuint* length);
}
