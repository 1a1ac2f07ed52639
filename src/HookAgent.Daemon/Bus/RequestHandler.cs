using HookAgent.Bus.Wire;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Loop;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// Carries out what somebody asked of the node, and answers: first what is to be read anew becomes events of its own, then
/// the request comes once more, then it is an event, and then an answer. An operator's word is answered when it is written.
/// </summary>
/// <param name="hookPatience">How long the hook of a Prolog waits for its answer.</param>
internal sealed class RequestHandler(
    EventPump pump, DirectoryScanner directory, StepScanner steps, Action readUnits, PrologCalls prologs, NodeCounters counters,
    Action<EpilogRequest> askWhoEnds, StateWriter state, Func<TimeSpan> hookPatience, TimeProvider clock)
{
    private readonly Queue<(long Number, ReceivedCall Call)> _unanswered = [];

    public void Serve(NodeRequest request)
    {
        if (request.Reads is not FirstRead.Nothing)
        {
            Read(request.Reads);
            pump.Add(() => Serve(request with { Reads = FirstRead.Nothing }));
            return;
        }

        switch (request)
        {
            case PrologRequest prolog:
                Serve(prolog);
                break;
            case EpilogRequest { ByRoot: false } epilog when pump.Model.Jobs.Unrecorded.Contains(epilog.Job):
                // There is nothing of the job but a caller's word, so the caller counts.
                askWhoEnds(epilog);
                break;
            case EpilogRequest epilog:
                counters.CountEpilog(epilog.Job);
                pump.Step(new EpilogCalled(epilog.Job));
                epilog.Call.Reply();
                break;
            case OperatorRequest asked:
                Serve(asked);
                break;
        }
    }

    /// <summary>Answers whose word is written by now.</summary>
    /// <param name="written">The number of what was written last.</param>
    public void AnswerWritten(long written)
    {
        while (_unanswered.TryPeek(out (long Number, ReceivedCall Call) first) && first.Number <= written)
        {
            _unanswered.Dequeue().Call.Reply();
        }
    }

    private void Serve(PrologRequest prolog)
    {
        if (!prolog.Recorded)
        {
            pump.Step(new RecordFailed(prolog.Job));
        }

        counters.CountNudge(prolog.Job, pump.Model.Jobs.Has(prolog.Job));
        if (pump.Model.Jobs.Recorded.GetValueOrDefault(prolog.Job) + hookPatience() <= BootTime.Now(clock))
        {
            counters.CountHookDeadline();
        }

        if (prologs.IsFull)
        {
            prolog.Call.Reply();
            return;
        }

        pump.Step(new PrologCalled(prologs.Add(prolog.Call), prolog.Job));
    }

    private void Serve(OperatorRequest asked)
    {
        if (asked.Happened is { } happened)
        {
            pump.Step(happened);
        }

        if (state.Unwritten is { } number)
        {
            _unanswered.Enqueue((number, asked.Call));
        }
        else
        {
            asked.Call.Reply();
        }
    }

    private void Read(FirstRead what)
    {
        if (what is FirstRead.Everything)
        {
            steps.Scan();
            readUnits();
        }
        else
        {
            pump.Add(directory.Scan());
        }
    }
}
