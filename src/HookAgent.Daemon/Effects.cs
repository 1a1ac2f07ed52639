using System.Runtime.InteropServices;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Text;
using HookAgent.Daemon.Bus;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Units;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon;

/// <summary>Carries out what the machine decided: each effect goes to the one part that does it.</summary>
internal sealed class Effects(
    UnitController units, StepScanner steps, DirectoryScanner directory, JobDirectory jobs, PrologCalls prologs, StateWriter state,
    HandoverHistory handovers, NodeCounters counters, DecisionLog decisions, Action<NodeEvent> dispatch, Action giveUp, ILogger logger)
{
    private readonly HashSet<JobId> _ended = [];

    public void CarryOut(NodeEffect effect)
    {
        counters.Count(effect);
        switch (effect)
        {
            case StartUnit start:
                units.Start(start.Attempt);
                break;
            case StopUnit stop:
                units.Stop(stop.Attempt);
                break;
            case FindStrays:
                units.FindStrays();
                break;
            case StopStray stray:
                units.StopStray(stray.Unit);
                break;
            case KillStray stray:
                units.KillStray(stray.Unit);
                break;
            case SignalUnit signal:
                units.Signal(signal.Kill);
                break;
            case InspectUnit:
                units.Inspect();
                break;
            case ReadUnits:
                units.ReadUnits();
                break;
            case ScanSteps:
                steps.Scan();
                break;
            case DropRecord drop:
                Drop(drop);
                break;
            case AnswerProlog answer:
                prologs.Answer(answer.Token);
                break;
            case Remember remember:
                state.Save(remember.State);
                break;
            case GiveUp:
                logger.GaveUp(SpanText.Of(NodeMachine.UnreachableLimit));
                giveUp();
                break;
            default:
                Log(effect);
                break;
        }
    }

    /// <summary>The user of a job that has ended is told until what its end brings about has been told.</summary>
    public void ForgetUsers(NodeModel model)
    {
        if (_ended.Count == 0)
        {
            return;
        }

        _ended.RemoveWhere(job =>
        {
            if (model.Current.TriggeringJobs.Contains(job))
            {
                return false;
            }

            if (!model.Jobs.Recorded.ContainsKey(job))
            {
                directory.ForgetUser(job);
            }

            return true;
        });
    }

    private void Log(NodeEffect effect)
    {
        decisions.Log(effect);
        if (effect is JobDisappeared gone)
        {
            _ended.Add(gone.Job);
        }
        else if (effect is HandoverDone done)
        {
            handovers.Add(done);
        }
    }

    private void Drop(DropRecord drop)
    {
        RecordChange change = jobs.Remove(drop.Job, drop.Record);
        switch (change.Outcome)
        {
            case RecordOutcome.Done:
                logger.RecordDropped(drop.Job);
                break;
            case RecordOutcome.WasNotThere:
                // Its Epilog was faster, or a later record of the job is there: the reading tells.
                break;
            default:
                logger.RecordNotDropped(drop.Job, Marshal.GetPInvokeErrorMessage(change.Errno));
                break;
        }

        dispatch(directory.Scan());
    }
}
