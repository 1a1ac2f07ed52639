namespace HookAgent.SystemTests.Harness;

/// <summary>
/// What slurmd calls as Prolog and Epilog in all tests: a link, so that the program can change from one job to the
/// next. It leads to a recorder that runs the real hook and writes down each call (<see cref="HookRun"/>).
/// </summary>
internal sealed class HookLink(Node node)
{
    public const string Path = "/usr/local/libexec/hook";

    private readonly Lazy<string> _recorder = new(() => NativeProgram.Bring(node, "timed-hook"));

    /// <summary>Its path in the node.</summary>
    public string Recorder => _recorder.Value;

    /// <summary>The real hook, each call written down.</summary>
    public void RunTheRecorded() => Run(Recorder);

    public void Run(string program) => node.Run("ln", "-sfn", program, Path);
}
