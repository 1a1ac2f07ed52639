using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>Whether slurm.conf's Prolog= and Epilog= run the hook, directly, among others, or from a site's script.</summary>
internal static class HookLineCheck
{
    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        if (facts.Conf is not { Problem: null } conf)
        {
            return [];
        }

        return [Of(facts.Root, conf, "Prolog"), Of(facts.Root, conf, "Epilog")];
    }

    private static Finding Of(SystemRoot root, SlurmConf conf, string key)
    {
        string check = key.ToLowerInvariant();
        string line = $"{key}={NodeFacts.HookPath}";
        if (conf.Last(key) is not { } found)
        {
            return Finding.Fault(check, $"{conf.Path} has no {key}=: the hook is never told of a job", $"add to slurm.conf, then 'scontrol reconfigure':  {line}");
        }

        string value = Terminal.Plain(found.Value);
        string folder = Path.GetDirectoryName(found.File) ?? "/";
        IReadOnlyList<string> scripts = HookScripts.Of(root, found.Value, folder);
        if (scripts.Count == 0)
        {
            return Finding.Fault(check, $"{key}={value} ({found.Place}) is not there: slurmd drains the node at the next job", $"put the program there, or write:  {line}");
        }

        // Slurm takes what a pattern fits from the last to the first, and the first that fails keeps the rest from running.
        string[] order = [.. scripts.Reverse()];
        if (order.FirstOrDefault(script => root.IsExecutable(script) != true) is { } broken)
        {
            return Finding.Fault(check, $"{broken} of {key}={value} ({found.Place}) is missing or not executable: slurmd drains the node at the next job", $"chmod +x {broken}, or take it away");
        }

        string[] hooks = [.. order.Where(script => HookScripts.RunsHook(root, script))];
        if (hooks.Length == 0)
        {
            return Finding.Fault(check, $"{key}={value} ({found.Place}) does not run the hook", Mend(key, line, order.Length > 1 || Path.Combine(folder, found.Value) != order[0]));
        }

        return order.Length == 1 ? Finding.Ok(check, $"{order[0]} ({found.Place})") : OfOrder(check, key, order, hooks[0]);
    }

    private static Finding OfOrder(string check, string key, string[] order, string hook)
    {
        bool isProlog = key == "Prolog";
        string names = string.Join(", ", order.Select(Path.GetFileName));
        string why = isProlog ? "so that the node is taken back while the others run" : "so that the node is not lent before the others have cleaned up";
        string wanted = isProlog ? "first" : "last";
        return hook == (isProlog ? order[0] : order[^1])
            ? Finding.Ok(check, $"{hook}, the {wanted} of {order.Length} (Slurm runs them from z to a: {names})")
            : Finding.Warning(
                check,
                $"{hook} is not the {wanted} of {order.Length} (Slurm runs them from z to a: {names}); it should be, {why}",
                $"mv {hook} {Path.GetDirectoryName(hook)}/{(isProlog ? "zz" : "00")}-hookagent");
    }

    private static string Mend(string key, string line, bool isFolder) => (isFolder, key) switch
    {
        (false, _) => $"call {NodeFacts.HookPath} in that script, or write:  {line}",
        (true, "Prolog") => $"ln -s {NodeFacts.HookPath} /etc/slurm/prolog.d/zz-hookagent  (in the folder of that pattern)",
        (true, _) => $"ln -s {NodeFacts.HookPath} /etc/slurm/epilog.d/00-hookagent  (in the folder of that pattern)",
    };
}
