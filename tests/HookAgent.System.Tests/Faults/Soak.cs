using System.Globalization;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;

namespace HookAgent.SystemTests.Faults;

/// <summary>Jobs and faults on one node, drawn by chance until the time is over, each fault put right before the next.</summary>
internal sealed class Soak(Bench bench, Random random, Action<string> tell)
{
    /// <summary>More than the node runs at once, so that some wait.</summary>
    private const int MostQueued = 6;

    /// <summary>Names what it does, and how often of 100 it is drawn.</summary>
    private readonly record struct Deed(string Name, int Weight, Action Do, bool IsFault = true);

    private readonly Queue<string> _queued = [];

    public int Faults { get; private set; }

    public void Run(TimeSpan length)
    {
        Deed[] deeds = Deeds();
        BootTime begin = BootClock.Now();
        while (BootClock.Now() < begin + length)
        {
            Deed deed = Draw(deeds);
            tell(string.Create(CultureInfo.InvariantCulture, $"{(BootClock.Now() - begin).TotalSeconds,7:0.0} {deed.Name}"));
            deed.Do();
            Faults += deed.IsFault ? 1 : 0;
            while (_queued.Count > MostQueued)
            {
                bench.Slurm.Finished(_queued.Dequeue());
            }
        }

        bench.Provider.Behave("");
        foreach (string job in _queued)
        {
            bench.Slurm.Finished(job);
        }

        bench.CheckUndrained();
    }

    private Deed[] Deeds() =>
    [
        new("srun", 22, () => bench.Slurm.Srun(Seconds(0, 1)), IsFault: false),
        new("sbatch", 18, () => _queued.Enqueue(bench.Slurm.Sbatch(Seconds(0, 3))), IsFault: false),
        new("pause", 20, () => Thread.Sleep(random.Next(3000)), IsFault: false),
        new("the next provider behaves in its own way", 6, () => bench.Provider.Behave(Behaviour()), IsFault: false),
        new("SIGKILL of the daemon", 8, () => Signal("KILL", Agent.Unit)),
        new("SIGSTOP of the daemon", 4, () => Suspend(Agent.Unit)),
        new("restart of the daemon", 3, () => bench.Node.Run("systemctl", "restart", Agent.Unit)),
        new("reload of the daemon", 3, () => bench.Node.Run("systemctl", "reload-or-restart", Agent.Unit)),
        new("restart of the bus", 3, () => Bus("systemctl restart dbus")),
        new("SIGKILL of the bus", 2, () => Bus("systemctl kill --kill-who=main --signal=KILL dbus")),
        new("SIGSTOP of the bus", 2, () => Suspend("dbus.service")),
        new("SIGSTOP of journald", 2, () => Suspend("systemd-journald.service")),
        new("SIGKILL of the provider", 1, () => bench.Node.Try("systemctl", "kill", "--signal=KILL", Provider.Unit)),
        new("daemon-reload", 2, () => bench.Node.Run("systemctl", "daemon-reload")),
        new("daemon-reexec", 2, () => bench.Node.Run("systemctl", "daemon-reexec")),
        new("slurmd restarted", 2, () => bench.Node.Run("systemctl", "restart", "slurmd.service")),
    ];

    private Deed Draw(Deed[] deeds)
    {
        int drawn = random.Next(deeds.Sum(deed => deed.Weight));
        return deeds.First(deed => (drawn -= deed.Weight) < 0);
    }

    private string Behaviour() => random.Next(4) switch
    {
        0 => "ignore_sigterm=yes",
        1 => "drain_seconds=1",
        2 => "drain_seconds=5",
        _ => "",
    };

    private double Seconds(double least, double most) => Math.Round(least + (random.NextDouble() * (most - least)), 3);

    /// <summary>Between a kill and systemd's restart there is nothing to kill.</summary>
    private void Signal(string signal, string unit) =>
        bench.Node.Try("systemctl", "kill", "--kill-who=main", $"--signal={signal}", unit);

    private void Suspend(string unit)
    {
        Signal("STOP", unit);
        try
        {
            if (random.Next(2) == 0)
            {
                _queued.Enqueue(bench.Slurm.Sbatch(Seconds(0, 2)));
            }

            Thread.Sleep(random.Next(3000));
        }
        finally
        {
            Signal("CONT", unit);
        }
    }

    /// <summary>However often: the start limit of the bus is the bus's own affair.</summary>
    private void Bus(string command) =>
        bench.Node.Shell($"systemctl reset-failed dbus.service dbus.socket 2>/dev/null; {command}; systemctl start dbus.socket dbus.service");
}
