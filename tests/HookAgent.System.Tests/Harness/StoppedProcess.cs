using System.Globalization;

namespace HookAgent.SystemTests.Harness;

/// <summary>A process of this machine under SIGSTOP, until it is disposed of.</summary>
internal sealed class StoppedProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private readonly string _process;

    public StoppedProcess(int process)
    {
        _process = process.ToString(CultureInfo.InvariantCulture);
        Command.Run(["kill", "-STOP", _process], s_limit).Check();
    }

    public void Dispose() => Command.Run(["kill", "-CONT", _process], s_limit).Check();
}
