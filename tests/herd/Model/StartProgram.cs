using HookAgent.Herd.Time;

namespace HookAgent.Herd.Model;

/// <summary>How a provider's start program goes about a broker that is away.</summary>
internal enum StartMode
{
    /// <summary>As packaging/wasimoff/wasimoff-provider: waits for the broker by cheap probes, and spreads the start that follows.</summary>
    Shipped,

    /// <summary>The same, but it starts as soon as a probe is answered. What the check must find out.</summary>
    AtOnce,

    /// <summary>It has no start program: without its broker it ends, and the agent starts it again.</summary>
    NoProbe,
}

/// <summary>
/// The main process of a provider's unit, with the waits of the start program and the times of the real provider: ready
/// in 0.45 s, an end in 0.2 s where no broker answers. A provider without --retry, which ends when its broker does; one
/// with it connects again by itself, and starts nothing.
/// </summary>
internal sealed class StartProgram(Agenda agenda, Node node, Broker broker, StartMode mode, Random random, Action exited)
{
    private bool _ended;

    /// <summary>It looks at settings, Deno and checkout first.</summary>
    public void Begin() => Later(Between(0.05, 0.1), () => WaitForBroker(away: false));

    /// <summary>It was told to end, and does not say that it exited.</summary>
    public void End()
    {
        _ended = true;
        broker.Disconnect(node);
    }

    /// <summary>Told by the broker's end, to a provider that is connected.</summary>
    public void LoseBroker() => Later(Between(0.01, 0.05), ProviderExited);

    private void WaitForBroker(bool away)
    {
        if (mode is StartMode.NoProbe)
        {
            Provide();
        }
        else
        {
            Probe(interval: 1000, away);
        }
    }

    /// <summary>wait_for_broker of the start program, number by number.</summary>
    private void Probe(int interval, bool away)
    {
        if (!broker.Probe())
        {
            int pause = Math.Max(200, interval * random.Next(50, 151) / 100);
            int next = interval < 6000 ? interval * 3 / 2 : 10000;
            Later(pause / 1000.0, () => Probe(next, away: true));
        }
        else if (away && mode is StartMode.Shipped && node.StartJitter > TimeSpan.Zero)
        {
            Later(Between(0, node.StartJitter.TotalSeconds), () => Probe(interval: 1000, away: false));
        }
        else
        {
            Provide();
        }
    }

    private void Provide()
    {
        if (broker.IsUp)
        {
            Later(Between(0.35, 0.55), () =>
            {
                if (!broker.Connect(node))
                {
                    ProviderExited();
                }
            });
        }
        else
        {
            Later(0.2, ProviderExited);
        }
    }

    /// <summary>With status 1. Where the broker answers, the start program leaves the rest to the agent.</summary>
    private void ProviderExited()
    {
        if (mode is not StartMode.NoProbe && !broker.Probe())
        {
            WaitForBroker(away: true);
            return;
        }

        _ended = true;
        exited();
    }

    private double Between(double least, double most) => least + ((most - least) * random.NextDouble());

    private void Later(double seconds, Action action) => agenda.After(seconds, () =>
    {
        if (!_ended)
        {
            action();
        }
    });
}
