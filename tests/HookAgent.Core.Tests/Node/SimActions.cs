using HookAgent.Core.Jobs;
using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>What can happen in a <see cref="SimWorld"/>: a script is a row of numbers, each an action and its variant.</summary>
internal sealed class SimActions
{
    private readonly SimWorld _world;
    private readonly List<(bool Prolog, JobId Job)> _nudges = [];
    private readonly (string Name, Action<int> Do)[] _actions;
    private uint _lastJob;
    private bool _reconciled;

    public SimActions(SimWorld world)
    {
        _world = world;
        _actions =
        [
            // The ordinary life of a node, more often than all else.
            ("time passes", variant => Pass((variant % 21) - 1)),
            ("time passes", variant => Pass((variant % 21) - 1)),
            ("nothing happens for longer than the idle delay", _ => IsIdle()),
            ("all comes to its end", _ => world.LetAll()),
            ("all comes to its end", _ => world.LetAll()),
            ("prolog", _ => Prolog(Next())),
            ("prolog and its nudge", _ => PrologAtOnce()),
            ("prolog and its nudge", _ => PrologAtOnce()),
            ("epilog", Epilog),
            ("epilog", Epilog),
            ("inotify", _ => Inotify()),
            ("nudge arrives", variant => Nudge(variant, keep: false)),
            ("systemd handles a call", _ => world.Systemd.HandleCall()),
            ("systemd tells", _ => world.Deliver()),
            ("systemd works", _ => world.Systemd.RunJob()),

            // Hooks and records.
            ("nudge is repeated", variant => Nudge(variant, keep: true)),
            ("nudge is lost", variant => Take(variant, keep: false)),
            ("requeue", Requeue),
            ("prolog without record", _ => PrologWithoutRecord()),
            ("directory is unreadable for a moment", _ => world.CannotReadDirectory()),
            ("directory is made anew", _ => ReplaceDirectory()),
            ("foreign entry", _ => (world.ForeignEntry, world.Changed) = (!world.ForeignEntry, true)),
            ("slurmstepd", _ => OrphanStep()),
            ("reconcile", _ => Reconcile()),
            ("reconcile makes its proof", _ => MakeProof()),
            ("directory is read again", _ => ReadAgain()),

            // systemd and the bus.
            ("units are read again", _ => SeeAgain()),
            ("bus is lost", variant => LoseBus(handleCalls: (variant & 1) == 1)),
            ("systemd is away", variant => world.LoseSystemd(busToo: false, handleCalls: (variant & 1) == 1)),
            ("systemd is back", _ => world.FindSystemd()),
            ("systemd is back", _ => world.FindSystemd()),
            ("systemd is back", _ => world.FindSystemd()),
            ("refusal", variant => world.Systemd.RefusesNext = (UnitRefusal)(variant % 5)),
            ("answer is lost", _ => world.Systemd.LosesNextAnswer = true),
            ("mask", variant => world.Systemd.Set(load: (variant & 1) == 1 ? UnitLoadState.Loaded : UnitLoadState.Masked)),
            ("required unit", variant => world.Systemd.Set(requiredUnitUp: (variant & 1) == 1)),
            ("agent's stop", variant => world.Systemd.Set(agentStopping: (variant & 1) == 1)),
            ("daemon is killed", variant => Kill(restart: (variant & 1) == 1)),

            // The provider, and hands.
            ("provider exits", _ => world.Systemd.ProviderExits()),
            ("provider drains", variant => world.Systemd.Drain = (Drain)(variant % 3)),
            ("provider leaves processes", variant => world.Systemd.LeavesProcesses = (variant & 1) == 1),
            ("provider cannot start", variant => world.Systemd.FailsToStart = (variant & 1) == 1),
            ("ExecCondition= says no", _ => world.Systemd.MayBeLent = false),
            ("ExecCondition= says yes", _ => world.Systemd.MayBeLent = true),
            ("stop by hand", _ => ByHand(UnitJobType.Stop)),
            ("restart by hand", _ => ByHand(UnitJobType.Restart)),
            ("start by hand", _ => ByHand(UnitJobType.Start)),
            ("clean stop by hand", _ => CleanStopByHand()),
            ("hold", variant => Hold(variant)),
            ("release", _ => world.Feed(new ReleaseAsked())),
            ("retry", _ => world.Feed(new RetryAsked())),
            ("daemon-reload", _ => world.Feed(new UnitFilesReloaded())),
        ];
    }

    public int Count => _actions.Length;

    public void Do(int number) => _actions[(number & 0xFF) % _actions.Length].Do(number >> 8);

    public string Name(int number) => $"{_actions[(number & 0xFF) % _actions.Length].Name} ({number >> 8})";

    /// <summary>All that kept the node from being lent comes to its end, but for what is under way.</summary>
    public void AllEnds()
    {
        (_world.Systemd.Drain, _world.Systemd.FailsToStart, _world.Systemd.LeavesProcesses) = (Drain.EndsAtOnce, false, false);
        (_world.Systemd.RefusesNext, _world.Systemd.LosesNextAnswer, _world.Systemd.MayBeLent) = (null, false, null);
        _world.FindSystemd();
        _world.Systemd.Set(UnitLoadState.Loaded, requiredUnitUp: true, agentStopping: false);
        _world.Running.Clear();
        _world.Records.Clear();
        (_world.ForeignEntry, _world.OrphanStep) = (false, false);
        _world.LetAll();
        _world.Gather();
        Reconcile();
        MakeProof();
        _world.Feed(new ReleaseAsked());
    }

    private JobId Next() => TestNode.Job(++_lastJob);

    private void Pass(int seconds)
    {
        // A step to the very next deadline, or some seconds, with all else standing still or going on.
        TimeSpan span = seconds < 0
            ? (NodeMachine.NextDeadline(_world.Model) ?? _world.Now) - _world.Now
            : TimeSpan.FromSeconds(seconds);
        _world.Pass(span, letAll: seconds > 10);
    }

    private void IsIdle() => _world.Pass(
        _world.Model.Settings.IdleDelay + _world.Model.Settings.StartJitter + TimeSpan.FromSeconds(1), letAll: true);

    private void Prolog(JobId job)
    {
        if (_world.Running.Count < 4)
        {
            _world.Running.Add(job);
            _world.Records[job] = _world.Now;
            _world.Changed = true;
            _nudges.Add((true, job));
        }
    }

    private void PrologAtOnce()
    {
        int before = _nudges.Count;
        Prolog(Next());
        if (_nudges.Count > before)
        {
            Nudge(_nudges.Count - 1, keep: false);
        }
    }

    private void Epilog(int variant)
    {
        if (_world.Running.Count == 0)
        {
            return;
        }

        JobId job = _world.Running.ElementAt(variant % _world.Running.Count);
        _world.Running.Remove(job);
        _world.Changed |= _world.Records.Remove(job);
        _nudges.Add((false, job));
    }

    private void Requeue(int variant)
    {
        if (_world.Records.Count > 0)
        {
            JobId job = _world.Records.Keys.ElementAt(variant % _world.Records.Count);
            _world.Running.Remove(job);
            _world.Changed |= _world.Records.Remove(job);
            Prolog(job);
        }
    }

    private void PrologWithoutRecord()
    {
        if (_world.BusIsUp)
        {
            JobId job = Next();
            _world.Running.Add(job);
            _world.Feed(new RecordFailed(job));
        }
    }

    private void Inotify()
    {
        if (_world.Changed)
        {
            _world.ReadDirectory();
        }
    }

    private void Nudge(int variant, bool keep)
    {
        if (!_world.BusIsUp || Take(variant, keep) is not var (prolog, job))
        {
            return;
        }

        if (prolog)
        {
            _world.PrologCalls(job);
        }
        else
        {
            _world.ReadDirectory();
            _world.Feed(new EpilogCalled(job));
        }
    }

    private (bool Prolog, JobId Job)? Take(int variant, bool keep)
    {
        if (_nudges.Count == 0)
        {
            return null;
        }

        int index = variant % _nudges.Count;
        (bool, JobId) nudge = _nudges[index];
        if (!keep)
        {
            _nudges.RemoveAt(index);
        }

        return nudge;
    }

    private void ReplaceDirectory()
    {
        // The records of the running jobs go with it. A nudge from before is no longer to be believed about them.
        Inotify();
        _nudges.Clear();
        _world.Records.Clear();
        (_world.Complete, _world.Changed) = (false, true);

        // A reconcile that is under way holds the old one open, and makes its proof in that.
        _reconciled = false;
    }

    private void OrphanStep()
    {
        _world.OrphanStep = !_world.OrphanStep;
        if (!_world.OrphanStep)
        {
            // Its pidfd tells the end.
            _world.Gather();
        }
    }

    private void Reconcile()
    {
        _world.ReadDirectory();
        _world.Feed(new Reconciled([.. _world.Running], TestNode.NoRecords));
        _reconciled = true;
    }

    private void MakeProof()
    {
        if (_reconciled)
        {
            _reconciled = false;
            _world.Complete = true;
            _world.ReadDirectory();
        }
    }

    private void LoseBus(bool handleCalls)
    {
        _nudges.Clear();
        _world.LoseSystemd(busToo: true, handleCalls);
    }

    private void Kill(bool restart)
    {
        _nudges.Clear();
        _world.KillDaemon(restart);
    }

    private void ByHand(UnitJobType type)
    {

        // A start of a provider that runs, or that the daemon takes to run, is done at once; if the next look finds it
        // gone, nobody can tell that the job was no stop.
        _world.StoppedByHand |=
            type is not UnitJobType.Start || _world.Systemd.ProviderRuns || _world.Model.Provider.LentSince is not null;
        _world.Misbehaved = true;
        _ = _world.Systemd.Queues(type);
    }

    /// <summary>A stop by hand that nothing else comes in between is a hold, and nothing else.</summary>
    private void CleanStopByHand()
    {
        _world.LetAll();
        Inotify();
        _world.LetAll();
        if (_world.Model is { Current: { State: NodeState.Lending, Reason: Reason.Running }, Systemd.AgentStopping: false, Provider.Reading.Job: UnitJobType.None }
            && _world is { UnitsAreKnown: true, OrphanStep: false })
        {
            bool misbehaved = _world.Misbehaved;
            ByHand(UnitJobType.Stop);
            _world.Pass(SimSystemd.TimeoutStop + StopEscalation.RemainingTime, letAll: true);
            _world.Misbehaved = misbehaved;
            Assert.Equal((NodeState.Held, Reason.HandStopped), (_world.Model.Current.State, _world.Model.Current.Reason));
            Assert.True(_world.AtRest);
        }
    }

    private void Hold(int variant) => _world.Feed(new HoldAsked(Holds.Operator with
    {
        Until = (variant & 1) == 1 ? _world.Now + TimeSpan.FromSeconds(variant % 30) : null,
    }));

    /// <summary>What has been read may be read again, at any point.</summary>
    private void ReadAgain()
    {
        if (!_world.Changed)
        {
            Changes(_world.DirectoryNow());
        }
    }

    private void SeeAgain()
    {
        if (_world.UnitsAreKnown)
        {
            Changes(_world.Systemd.Seen);
        }
    }

    private void Changes(NodeEvent again)
    {
        // What is due by now, such as word that a series of failures is over, comes with whatever event is next.
        _world.Feed(new TimePassed());
        NodeModel before = _world.Model;
        (NodeModel after, var effects) = StepRules.Step(before, again, _world.Now);
        Assert.Empty(effects);
        Assert.Equal(Gist(before), Gist(after));
        _world.Feed(again);
    }

    private static object Gist(NodeModel model) => new
    {
        model.Current.State,
        model.Current.Reason,
        model.Current.Since,
        Recorded = string.Join(' ', model.Jobs.Recorded.Keys),
        Unrecorded = string.Join(' ', model.Jobs.Unrecorded),
        Handovers = string.Join(' ', model.Prologs.Handovers),
        model.Directory,
        model.Hold,
        model.Provider,
        model.Idle.DelayEndsAt,
        model.Idle.Scan,
        Failures = model.Backoff.Failing?.Count.Times,
        model.Backoff.RetryAt,
    };
}
