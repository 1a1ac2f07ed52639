using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Bus.Sd;

namespace HookAgent.Bus.Tests.Sd;

/// <summary>
/// Against a socket in journald's place, in a mount namespace that one thread of the test has for itself: the
/// machine's own journal is not touched. Needs root.
/// </summary>
public sealed partial class JournalWriterTests
{
    private const int NewMountNamespace = 0x20000;
    private const ulong PrivateRecursive = (1 << 18) | (1 << 14);

    [Fact]
    public void An_entry_reaches_journald_with_its_fields_whatever_is_in_them() => InNamespace(() =>
    {
        using Socket journald = Journald();

        Assert.Equal(0, Send("MESSAGE=grüß", "PRIORITY=6", "SLURM_JOB_ID=123", "NOTE=two\nlines"));

        List<string> entry = Receive(journald);
        Assert.Contains("MESSAGE=grüß", entry);
        Assert.Contains("PRIORITY=6", entry);
        Assert.Contains("SLURM_JOB_ID=123", entry);
        Assert.Contains("NOTE=two\nlines", entry);
    });

    [Fact]
    public void Without_journald_the_entry_is_dropped_in_silence() =>
        InNamespace(() => Assert.Equal(0, Send("MESSAGE=nobody hears")));

    [Fact]
    public void An_entry_that_libsystemd_refuses_is_told_by_its_number() =>
        Assert.Equal(22, Send("not a field"));

    [Fact]
    public void An_entry_has_fields()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Send());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Send([.. Enumerable.Repeat("A=b", JournalWriter.MaxFields + 1)]));
    }

    private static int Send(params string[] fields) =>
        JournalWriter.Send(fields.Select(field => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(field)).ToArray());

    private static Socket Journald()
    {
        Directory.CreateDirectory("/run/systemd/journal");
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        socket.Bind(new UnixDomainSocketEndPoint("/run/systemd/journal/socket"));
        return socket;
    }

    /// <summary>journald's native protocol: KEY=value lines, or KEY, a length, and that many bytes.</summary>
    private static List<string> Receive(Socket journald)
    {
        byte[] buffer = new byte[8192];
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, journald.Receive(buffer));
        List<string> fields = [];
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            string line = Encoding.UTF8.GetString(rest[..end]);
            rest = rest[(end + 1)..];
            if (!line.Contains('=', StringComparison.Ordinal))
            {
                int length = (int)BitConverter.ToUInt64(rest);
                line += "=" + Encoding.UTF8.GetString(rest.Slice(8, length));
                rest = rest[(8 + length + 1)..];
            }

            fields.Add(line);
        }

        return fields;
    }

    private static void InNamespace(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.True(unshare(NewMountNamespace) == 0, "this test needs root");
                Assert.Equal(0, mount("none", "/", null, PrivateRecursive, 0));
                Assert.Equal(0, mount("none", "/run", "tmpfs", 0, 0));
                test();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc")]
    private static partial int unshare(int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, nint data);
}
