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
    private const int CallsAtOnce = 100;

    [Fact]
    public void Calls_of_every_kind_leave_the_agent_as_it_was()
    {
        using TestNode node = TestNode.Lent();
        Socket? client = null;
        long before = Resident(node.Daemon);
        long most = 0;
        long calls = 0;
        int answers = 0;
        try
        {
            Fuzz.Run(output, 6, mutator =>
            {
                WireMessages wire = new(mutator);
                client ??= Connect(node.Bus.Address, wire);
                try
                {
                    for (int i = 0; i < CallsAtOnce; i++)
                    {
                        byte[] call = wire.Call();
                        client.Send(mutator.Pick(50) == 0 ? mutator.Mutate([call]) : call);
                        calls++;
                        answers += Answers(client);
                    }
                }
                catch (SocketException)
                {
                    // The bus has had enough of us.
                    client.Dispose();
                    client = null;
                }

                Assert.StartsWith("s \"", node.Get("State"), StringComparison.Ordinal);

                // Behind that answer, because until then a busy machine may have given none.
                answers += client is null ? 0 : Answers(client);
                most = Math.Max(most, Resident(node.Daemon));
            });
        }
        finally
        {
            client?.Dispose();
        }

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

        // What the bus would not pass on would try nothing.
        Assert.True(answers > calls / 8, $"{answers} answers to {calls} calls");
        Assert.InRange(most - before, long.MinValue, 16 * 1024);
    }

    private static Socket Connect(string address, WireMessages wire)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = 15_000 };
        socket.Connect(new UnixDomainSocketEndPoint(address["unix:path=".Length..]));
        socket.Send([.. Encoding.ASCII.GetBytes("\0AUTH EXTERNAL 30\r\nBEGIN\r\n"), .. wire.Hello()]);
        return socket;
    }

    /// <summary>How many of the agent's answers have come: each names its sender once, by its unique name.</summary>
    private static int Answers(Socket socket)
    {
        int answers = 0;
        byte[] buffer = new byte[65536];
        while (socket.Available > 0)
        {
            int length = socket.Receive(buffer);
            answers += Encoding.Latin1.GetString(buffer, 0, length).Split("\u0007\u0001s\0").Length - 1;
        }

        return answers;
    }

    private static long Resident(Child child) => long.Parse(
        File.ReadLines($"/proc/{child.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
