using System.Globalization;
using System.Net.Sockets;
using System.Text;
using HookAgent.Daemon.Tests.Harness;
using Xunit.Abstractions;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>
/// Root, whom the agent obeys, sends it whatever the bus lets pass, and much that it does not: the agent stays, keeps its
/// memory small, and knows afterwards what it knew before.
/// </summary>
public sealed class CallFuzzTests(ITestOutputHelper output)
{
    private const int CallsAtOnce = 50;

    [Fact]
    public void Calls_of_every_kind_leave_the_agent_as_it_was()
    {
        using TestNode node = TestNode.Lent();
        long before = Resident(node.Daemon);
        long most = 0;
        int calls = 0;
        int answers = 0;
        Fuzz.Run(output, 6, mutator =>
        {
            WireMessages wire = new(mutator);
            using Socket client = Connect(node.Bus.Address, wire);
            bool sent = Send(client, wire.Call);
            Assert.StartsWith("s \"", node.Get("State"), StringComparison.Ordinal);

            // Behind that answer, because until then a busy machine may have given none. A client that the bus has
            // turned out gets none, whatever the agent answered.
            if (sent && Answers(client) is { } came)
            {
                calls += CallsAtOnce;
                answers += came;
            }

            Send(client, () => mutator.Pick(10) == 0 ? mutator.Mutate([wire.Call()]) : wire.Call());
            Assert.StartsWith("s \"", node.Get("State"), StringComparison.Ordinal);
            most = Math.Max(most, Resident(node.Daemon));
        });

        // The last calls may still be on their way.
        node.Until(
            () =>
            {
                node.Call("Release");
                node.Call("Reconciled", "asa{ss}", "0", "0");
                return node.Get("Reason") == "s \"running\"";
            },
            "a lent node");
        Assert.Equal("as 0", node.Get("Jobs"));
        Assert.DoesNotContain("Internal error", node.Daemon.Story, StringComparison.Ordinal);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure: hookagentd grew by {most - before} KiB at most under fuzzed calls, from {before} KiB; {answers} answers to {calls} calls"));

        // What the bus would not pass on would try nothing. Half of the calls want an answer.
        Assert.True(answers > calls / 4, $"{answers} answers to {calls} calls");
        Assert.InRange(most - before, long.MinValue, 16 * 1024);
    }

    private static Socket Connect(string address, WireMessages wire)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = 15_000 };
        socket.Connect(new UnixDomainSocketEndPoint(address["unix:path=".Length..]));
        socket.Send([.. Encoding.ASCII.GetBytes("\0AUTH EXTERNAL 30\r\nBEGIN\r\n"), .. wire.Hello()]);
        return socket;
    }

    /// <summary>False if the bus has had enough of this client before the last of them.</summary>
    private static bool Send(Socket client, Func<byte[]> call)
    {
        try
        {
            for (int i = 0; i < CallsAtOnce; i++)
            {
                client.Send(call());
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>How many of the agent's answers have come: each names its sender once, by its unique name. Null if the bus has turned the client out.</summary>
    private static int? Answers(Socket client)
    {
        StringBuilder all = new();
        byte[] buffer = new byte[65536];
        while (client.Poll(0, SelectMode.SelectRead))
        {
            if (client.Available == 0)
            {
                return null;
            }

            all.Append(Encoding.Latin1.GetString(buffer, 0, client.Receive(buffer)));
        }

        return all.ToString().Split("\u0007\u0001s\0").Length - 1;
    }

    private static long Resident(Child child) => long.Parse(
        File.ReadLines($"/proc/{child.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
