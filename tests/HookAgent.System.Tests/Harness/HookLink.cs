namespace HookAgent.SystemTests.Harness;

/// <summary>What slurmd calls as Prolog and Epilog: a link, so that the program can change from one job to the next.</summary>
internal sealed class HookLink(Node node, string recorder)
{
    public const string Path = "/usr/local/libexec/hook";

    /// <summary>The real hook, each call written down.</summary>
    public void RunTheRecorded() => Run(recorder);

    public void Run(string program) => node.Run("ln", "-sfn", program, Path);
}
