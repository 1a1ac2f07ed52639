using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Daemon.Bus;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.Notify;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.State;
using Microsoft.Extensions.Hosting.Systemd;

namespace HookAgent.Daemon;

/// <summary>Tells those who listen what is new: the bus, systemd, and last the metrics. Prologs have been answered by then.</summary>
internal sealed class Publisher(
    BusSession bus, PublishedStatus status, HandoverHistory handovers, NodeCounters counters, StaleRecords stale, PermitFolder permits,
    SettingsStore settings, Effects effects, MetricsFile metrics, ISystemdNotifier notifier, DateTimeOffset started)
{
    private (long Changes, int Stale)? _measured;
    private bool _complete;
    private bool _reloaded;

    /// <summary>What is so at the start, and no news.</summary>
    public void Begin(NodeModel model) => _complete = IsComplete(model);

    /// <summary>The settings were read again: systemd hears that it is over once what follows from them is out.</summary>
    public void Reloaded()
    {
        _reloaded = true;
        _measured = null;
    }

    public void Publish(NodeModel model)
    {
        if (model.Provider is not Starting { Start.Finished: false })
        {
            permits.Withdraw();
        }

        if (IsComplete(model) && !_complete)
        {
            // Made anew and reconciled, and what the hook goes by may have gone with the old one.
            settings.Publish();
        }

        _complete = IsComplete(model);
        IReadOnlyList<NodeProperty> changed = status.Update(model, counters, handovers.Recent, settings.Refused);
        if (changed.Count > 0 && bus.Connection is { IsReady: true } connection)
        {
            NodeProperties.EmitChanged(connection, changed, status.Current);
        }

        if (_reloaded)
        {
            _reloaded = false;
            notifier.Notify(ServiceState.Ready);
        }

        if (changed.Contains(NodeProperty.State) || changed.Contains(NodeProperty.Reason) || changed.Contains(NodeProperty.SettingsRefused))
        {
            string refused = settings.Refused.Length > 0 ? $" Settings refused, old ones in force: {settings.Refused}" : "";
            notifier.Notify(ServiceStates.Status(
                $"{model.Current.State.Word()}: {model.Current.Reason.Sentence(status.Current.Unit, status.Current.RequireUnit)}{refused}"));
        }

        handovers.Save();
        effects.ForgetUsers(model);
        if (changed.Count > 0 || (counters.Changes, stale.Count) != _measured)
        {
            _measured = (counters.Changes, stale.Count);
            metrics.Publish(settings.Current.MetricsTextFile, new MetricsSnapshot(started, status.Current, counters.Totals, stale.Count));
        }
    }

    private static bool IsComplete(NodeModel model) => model.Directory.Trust is DirectoryTrust.Complete;
}
