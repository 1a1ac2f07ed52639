namespace HookAgent.Ctl.Report.Timeline;

/// <summary>Counts the starts of the provider, and those that failed or did not last.</summary>
internal sealed class ProviderRuns(ReportSpan span)
{
    private LaneState _state = LaneState.Off;
    private bool _counted;
    private int _starts;
    private int _failed;

    /// <param name="starting">systemd has just been asked to start it.</param>
    /// <param name="told">There is an event of this; otherwise when it began is not sure.</param>
    public void Enter(long at, LaneState state, bool starting, bool told)
    {
        if (_state is LaneState.Lending && state is LaneState.Failed && _counted)
        {
            _failed++;
        }

        // Started by somebody's hand it is running before the agent knows.
        if (state is LaneState.Lending && (starting || _state is not LaneState.Lending))
        {
            _counted = told && span.Holds(at);
            _starts += _counted ? 1 : 0;
        }

        _state = state;
    }

    public void CountInto(Figures figures)
    {
        figures.Starts = _starts;
        figures.FailedStarts = _failed;
    }
}
