using System.Runtime.CompilerServices;
using HookAgent.Core.Jobs;
using HookAgent.Core.Text;

namespace HookAgent.Hook.Bus;

/// <summary>
/// The one call that a hook makes: it tells the agent to look at the record directory. It carries no
/// authority, and the agent may hear it any number of times. One that is cut off before its answer is made again
/// until the deadline, because a Prolog waits for the answer: the agent or the bus may be back by then.
/// </summary>
internal static class NodeCall
{
    /// <summary>More than the bus's greeting, its NameAcquired signal and any error of the agent's take.</summary>
    private const int BufferBytes = 16 * 1024;

    /// <summary>Between two calls. An agent that has lost the bus alone is back after 0.1 s.</summary>
    private const int PauseMilliseconds = 50;

    public static ReadOnlySpan<byte> MethodFor(SlurmScript script, RecordChange change) => (script, change.Outcome) switch
    {
        (SlurmScript.Epilog, _) => "JobEnded"u8,
        (SlurmScript.Prolog, RecordOutcome.Done) => "JobStarted"u8,
        (SlurmScript.Prolog, _) => "RecordFailed"u8,
    };

    public static CallResult Make(string socketPath, ReadOnlySpan<byte> method, JobId job, Deadline deadline)
    {
        CallResult result = Once(socketPath, method, job, deadline);
        bool wasCutOff = result.IsCutOff;
        while (wasCutOff && (result.IsCutOff || result.IsNobodyThere) && deadline.Pause(PauseMilliseconds))
        {
            result = Once(socketPath, method, job, deadline);
        }

        return result;
    }

    private static CallResult Once(string socketPath, ReadOnlySpan<byte> method, JobId job, Deadline deadline)
    {
        if (BusSocket.Connect(socketPath, deadline, out int errno) is not { } bus)
        {
            return new CallResult(CallOutcome.NoBus, errno);
        }

        CallResult result = Talk(bus, method, job, deadline);
        bus.Close();
        return result;
    }

    [SkipLocalsInit]
    private static CallResult Talk(BusSocket bus, ReadOnlySpan<byte> method, JobId job, Deadline deadline)
    {
        Span<byte> id = stackalloc byte[Digits.Most];
        id = id[..Digits.Write(job.Value, id)];
        Span<byte> request = stackalloc byte[Conversation.MaxRequestBytes];
        request = request[..Conversation.Write(request, method, id)];

        Conversation conversation = new(stackalloc byte[BufferBytes]);
        if (!bus.TrySend(request, out int errno))
        {
            return errno == 0 ? conversation.Silence : new CallResult(CallOutcome.Closed, errno);
        }

        while (true)
        {
            // What is there by the deadline is still read, once: a bus that never falls silent must not keep us.
            bool last = deadline.MicrosecondsLeft() == 0;
            int received = bus.Receive(conversation.Free, out errno);
            CallResult? result = received switch
            {
                > 0 => conversation.Take(received),
                0 => new CallResult(CallOutcome.Closed),
                _ => errno == 0 ? conversation.Silence : new CallResult(CallOutcome.Closed, errno),
            };
            if (result is { } decided)
            {
                return decided;
            }

            if (last)
            {
                return conversation.Silence;
            }
        }
    }
}
