using HookAgent.Core.Time;
using HookAgent.Herd.Time;

namespace HookAgent.Herd.Model;

/// <summary>
/// The broker: takes connections while it is up, and registers one provider after another. It counts what reaches it.
/// </summary>
internal sealed class Broker(Agenda agenda)
{
    /// <summary>A broker that could not take more than it is to be spared: 200 a second.</summary>
    public static readonly TimeSpan Registration = TimeSpan.FromMilliseconds(5);

    private readonly HashSet<Node> _connected = [];
    private BootTime _free;
    private int _run;

    public bool IsUp { get; private set; } = true;

    /// <summary>When a provider's start reached it.</summary>
    public List<BootTime> Starts { get; } = [];

    /// <summary>When a probe of a start program reached it.</summary>
    public List<BootTime> Probes { get; } = [];

    /// <summary>When it had registered a provider, and which.</summary>
    public List<(BootTime At, Node Node)> Registered { get; } = [];

    public bool Probe()
    {
        if (IsUp)
        {
            Probes.Add(agenda.Now);
        }

        return IsUp;
    }

    /// <summary>A provider connects; false where nobody answers.</summary>
    public bool Connect(Node node)
    {
        if (!IsUp)
        {
            return false;
        }

        Starts.Add(agenda.Now);
        _connected.Add(node);
        _free = (_free > agenda.Now ? _free : agenda.Now) + Registration;
        int run = _run;
        agenda.At(_free, () =>
        {
            if (run == _run && _connected.Contains(node))
            {
                Registered.Add((agenda.Now, node));
            }
        });
        return true;
    }

    public void Disconnect(Node node) => _connected.Remove(node);

    public void GoDown()
    {
        IsUp = false;
        _run++;
        List<Node> lost = [.. _connected];
        lost.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        _connected.Clear();
        foreach (Node node in lost)
        {
            node.Unit.Program?.LoseBroker();
        }
    }

    public void ComeUp()
    {
        IsUp = true;
        _free = agenda.Now;
    }
}
