using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Daemon.Journal;
using Serilog;
using Serilog.Core;

namespace HookAgent.Daemon.Tests.Journal;

/// <summary>Against a socket in journald's place that is read when the test wants it.</summary>
public sealed unsafe partial class JournalQueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_journald_takes_goes_at_once()
    {
        using FakeJournal journald = new(_folder["journal"]);
        using JournalQueue journal = new(journald.Path);
        Write(journal, 1);
        Assert.False(journal.WantsWrite);
        Assert.Equal(["1"], Messages(journald));
    }

    [Fact]
    public void What_it_does_not_take_follows_in_order_when_the_descriptor_can_be_written_to()
    {
        using FakeJournal journald = new(_folder["journal"]);
        using JournalQueue journal = new(journald.Path);
        int rung = 0;
        journal.Blocked = () => rung++;
        journald.Fill();
        for (int number = 0; number < 50; number++)
        {
            Write(journal, number);
        }

        Assert.Equal(1, rung);
        Assert.True(journal.WantsWrite);
        Assert.False(Writable(journal), "a poll would not sleep");
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}"), ReadAll(journal, journald).Where(text => text != "full"));
        Assert.Equal(1, rung);
    }

    [Fact]
    public void What_has_no_room_is_counted_and_told_once_it_is_read_again()
    {
        using FakeJournal journald = new(_folder["journal"]);
        using JournalQueue journal = new(journald.Path);
        journald.Fill();
        for (int number = 0; number < JournalQueue.MostEntries + 7; number++)
        {
            Write(journal, number);
        }

        string[] told = ReadAll(journal, journald);
        Assert.Equal($"{JournalQueue.MostEntries - 1}", told[^2]);
        Assert.Equal("7 entries were lost: the journal did not take them in time.", told[^1]);
        Write(journal, 1);
        Assert.Equal(["1"], Messages(journald));
    }

    [Fact]
    public void Bytes_are_bounded_as_well()
    {
        using FakeJournal journald = new(_folder["journal"]);
        using JournalQueue journal = new(journald.Path);
        journald.Fill();
        byte[] large = Encoding.UTF8.GetBytes($"MESSAGE={new string('x', 100_000)}\n");
        int fit = JournalQueue.MostBytes / large.Length;
        for (int number = 0; number < fit + 3; number++)
        {
            journal.Write(large);
        }

        string[] told = ReadAll(journal, journald);
        Assert.Equal(fit, told.Count(text => text.Length == 100_000));
        Assert.Equal("3 entries were lost: the journal did not take them in time.", told[^1]);
    }

    [Fact]
    public void A_socket_made_anew_is_found()
    {
        using JournalQueue journal = new(_folder["journal"]);
        Write(journal, 1);
        Assert.False(journal.WantsWrite, "there is nothing to poll for");
        using (FakeJournal first = new(_folder["journal"]))
        {
            Write(journal, 2);
            Assert.Equal(["1", "2"], Messages(first));
        }

        File.Delete(_folder["journal"]);
        using FakeJournal second = new(_folder["journal"]);
        Write(journal, 3);
        Assert.Equal(["3"], Messages(second));
    }

    /// <summary>journald maps a sealed file and takes its contents for the entry.</summary>
    [Fact]
    public void An_entry_larger_than_a_datagram_goes_by_a_sealed_memory_file()
    {
        using Socket journald = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journald.Bind(new UnixDomainSocketEndPoint(_folder["journal"]));
        using JournalQueue journal = new(_folder["journal"]);
        using Logger log = new LoggerConfiguration().WriteTo.Journal(journal).CreateLogger();
        log.Information("{Text} at the end", new string('x', 300_000));

        (string text, int seals) = ReceiveFile((int)journald.Handle);
        Assert.Equal(15, seals);
        IReadOnlyDictionary<string, string> entry = FakeJournal.Read(Encoding.UTF8.GetBytes(text));
        // Both the message and the field of its own have it, and together they are more than an entry may have.
        Assert.EndsWith("x at the end", entry["MESSAGE"], StringComparison.Ordinal);
        Assert.EndsWith("x [clipped]", entry["TEXT"], StringComparison.Ordinal);
        Assert.InRange(text.Length, 500 << 10, 512 << 10);
    }

    [Fact]
    public void The_end_waits_for_last_words_but_not_for_ever()
    {
        using FakeJournal journald = new(_folder["journal"]);
        JournalQueue journal = new(journald.Path);
        journald.Fill();
        Write(journal, 1);
        journal.Dispose();
        Assert.DoesNotContain("1", Messages(journald));
        Assert.False(journal.WantsWrite);
    }

    private static void Write(JournalQueue journal, int number) => journal.Write(Encoding.UTF8.GetBytes($"MESSAGE={number}\n"));

    private static string[] Messages(FakeJournal journald) => [.. journald.Entries().Select(entry => entry["MESSAGE"])];

    /// <summary>Everything, as a journald and a loop would carry it that take turns.</summary>
    private static string[] ReadAll(JournalQueue journal, FakeJournal journald)
    {
        List<string> told = [];
        while (journal.WantsWrite)
        {
            told.AddRange(Messages(journald));
            Assert.True(Writable(journal), $"nothing would wake the loop; so far: {string.Join(' ', told)}");
            journal.Pump();
        }

        return [.. told, .. Messages(journald)];
    }

    private static bool Writable(JournalQueue journal)
    {
        const short writable = 4;
        short* entry = stackalloc short[4];
        *(int*)entry = journal.Descriptor;
        (entry[2], entry[3]) = (writable, 0);
        return Poll(entry, 1, 0) == 1;
    }

    /// <summary>What is in the memory file of the next message, which has nothing else, and its seals.</summary>
    private static (string Text, int Seals) ReceiveFile(int socket)
    {
        long* control = stackalloc long[3];
        long* head = stackalloc long[7];
        new Span<long>(head, 7).Clear();
        (head[4], head[5]) = ((long)control, 3 * sizeof(long));
        Assert.Equal(0, ReceiveMessage(socket, head, 0));
        int file = *(int*)(control + 2);
        const int getSeals = 1034;
        return (File.ReadAllText($"/proc/self/fd/{file}"), FileControl(file, getSeals, 0));
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(void* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    private static partial nint ReceiveMessage(int socket, void* message, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int file, int command, nint argument);
}
