using System.Diagnostics;
using System.Globalization;

namespace HookAgent.Daemon.Tests.Harness;

/// <summary>Peers/dying.py: a process that, once it is killed, stands still at its end until this object is disposed of.</summary>
internal sealed class DyingProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Child _tracer = Child.Peer("dying.py");

    public DyingProcess() => Id = int.Parse(_tracer.ReadLine(), CultureInfo.InvariantCulture);

    public int Id { get; }

    /// <summary>It has a class that no weight of a control group holds back: SCHED_RR, as proc_pid_stat(5) has it in the 41st field.</summary>
    public bool IsHastened => File.ReadAllText($"/proc/{Id}/stat") is var stat && stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38] == "2";

    public void Kill()
    {
        _tracer.WriteLine("kill");
        Assert.Equal("dying", _tracer.ReadLine());
    }

    public void AssertIsHastened()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!IsHastened)
        {
            Assert.True(watch.Elapsed < s_patience, "its end is not hastened");
            Thread.Sleep(1);
        }
    }

    public void Dispose() => _tracer.Dispose();
}
