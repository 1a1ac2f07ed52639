using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

public sealed class OutgoingBytesTests
{
    [Fact]
    public void What_is_added_waits_in_order_whatever_the_socket_takes()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            OutgoingBytes outgoing = new();
            Queue<byte> expected = new();
            int rounds = random.Next(1, 60);
            for (int round = 0; round < rounds; round++)
            {
                byte[] more = new byte[random.Next(6) == 0 ? random.Next(100_000) : random.Next(3000)];
                random.NextBytes(more);
                Assert.True(outgoing.TryAdd(more));
                Array.ForEach(more, expected.Enqueue);
                int sent = random.Next(outgoing.Waiting.Length + 1);
                Assert.True(outgoing.Waiting.SequenceEqual(expected.ToArray()), $"seed {seed}");
                outgoing.Sent(sent);
                for (int i = 0; i < sent; i++)
                {
                    expected.Dequeue();
                }

                Assert.Equal(expected.Count == 0, outgoing.IsEmpty);
            }
        }
    }

    [Fact]
    public void More_than_the_bound_is_not_taken_and_nothing_of_it()
    {
        OutgoingBytes outgoing = new();
        Assert.False(outgoing.TryAdd(new byte[OutgoingBytes.Most + 1]));
        Assert.True(outgoing.IsEmpty);
        Assert.True(outgoing.TryAdd(new byte[OutgoingBytes.Most - 1]));
        Assert.False(outgoing.TryAdd([1, 2]));
        Assert.True(outgoing.TryAdd([3]));
        Assert.False(outgoing.TryAdd([4]));
        Assert.Equal(OutgoingBytes.Most, outgoing.Waiting.Length);

        // What the socket takes makes room.
        outgoing.Sent(2);
        Assert.True(outgoing.TryAdd([5, 6]));
        Assert.False(outgoing.TryAdd([7]));
        Assert.Equal([3, 5, 6], outgoing.Waiting[^3..].ToArray());
    }

    [Fact]
    public void The_room_of_a_flood_is_given_back()
    {
        OutgoingBytes outgoing = new();
        byte[] message = new byte[1000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(outgoing.TryAdd(message));
        outgoing.Sent(message.Length);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        WeakReference large = Flood(outgoing);
        GC.Collect();
        Assert.False(large.IsAlive);
        Assert.True(outgoing.TryAdd(message));
        Assert.Equal(message, outgoing.Waiting.ToArray());

        static WeakReference Flood(OutgoingBytes outgoing)
        {
            Assert.True(outgoing.TryAdd(new byte[OutgoingBytes.Most]));
            byte[] room = (byte[])typeof(OutgoingBytes)
                .GetField("_bytes", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(outgoing)!;
            outgoing.Sent(OutgoingBytes.Most);
            return new WeakReference(room);
        }
    }

    /// <summary>A full queue of which the socket takes a little at a time must not be moved for each message.</summary>
    [Fact]
    public void A_full_queue_costs_no_more_a_message_than_an_empty_one()
    {
        OutgoingBytes outgoing = new();
        byte[] message = new byte[200];
        Assert.True(outgoing.TryAdd(new byte[OutgoingBytes.Most]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int moved = 0;
        for (int i = 0; i < 10_000; i++)
        {
            outgoing.Sent(message.Length);
            ref readonly byte front = ref outgoing.Waiting[0];
            Assert.True(outgoing.TryAdd(message));
            moved += System.Runtime.CompilerServices.Unsafe.AreSame(in front, in outgoing.Waiting[0]) ? 0 : 1;
        }

        Assert.InRange(moved, 0, 3);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3L * OutgoingBytes.Most);
    }
}
