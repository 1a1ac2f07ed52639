namespace HookAgent.Ctl.Doctor;

/// <summary>Whether the hook is there and can be run.</summary>
internal static class HookFileCheck
{
    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        const string check = "hook";
        yield return facts.Root.IsExecutable(NodeFacts.HookPath) switch
        {
            null => Finding.Fault(check, $"{NodeFacts.HookPath} is not there: where slurm.conf names it, slurmd drains the node at the next job", "apt install --reinstall hookagent"),
            false => Finding.Fault(check, $"{NodeFacts.HookPath} is not executable: slurmd drains the node at the next job", $"chmod 0755 {NodeFacts.HookPath}"),
            true when facts.Root.IsWritableByOthers(NodeFacts.HookPath) =>
                Finding.Warning(check, $"others than root may write {NodeFacts.HookPath}, which slurmd runs as root", $"chmod 0755 {NodeFacts.HookPath}"),
            true => Finding.Ok(check, NodeFacts.HookPath),
        };
    }
}
