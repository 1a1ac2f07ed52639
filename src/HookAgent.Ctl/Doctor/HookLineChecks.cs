using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Whether Prolog= and Epilog= run the hook: directly, among other scripts, or from a site's script; and whether another of
/// these programs fails, for which slurmd drains the node.
/// </summary>
internal static class HookLineChecks
{
    private const string Hook = HookScripts.HookPath;
    private const string Drains = "slurmd drains the node at the next job";

    /// <summary>A program as slurmd comes to it.</summary>
    /// <param name="Line">The line of slurm.conf.</param>
    /// <param name="Path">What that line names, or one of the files that its pattern fits.</param>
    private sealed record Step(SlurmLine Line, string Path)
    {
        public string Value => Terminal.Printable(Line.Value);

        public bool IsOfPattern => GlobPattern.HasWildcards(Line.Value);
    }

    /// <param name="key">"Prolog" or "Epilog".</param>
    public static Finding Of(NodeFacts facts, SlurmConf conf, string key)
    {
        string check = key.ToLowerInvariant();
        IReadOnlyList<SlurmLine> lines = conf.Counting(key, facts.Version);
        if (lines.Count == 0)
        {
            return Finding.Fault(check, $"{conf.Path} has no {key}=: the hook does not run for jobs. Add it when every compute node has the package, not before: a node that lacks the hook is drained at its next job", Fixes.Add($"{key}={Hook}"));
        }

        List<Step> steps = [];
        foreach (SlurmLine line in lines)
        {
            string value = Terminal.Printable(line.Value);
            if (!line.Value.StartsWith('/') && facts.Version?.IsAtLeast(23, 11) == false)
            {
                return Finding.Fault(
                    check, $"{key}={value} ({line.Place}) is not absolute, and slurmd {facts.Version} does not look beside slurm.conf: {Drains}",
                    Fixes.Write(line, $"{key}={Path.Combine(Path.GetDirectoryName(conf.Path) ?? "/", value)}"));
            }

            // Slurm takes what a pattern fits from the last to the first.
            Step[] found = [.. HookScripts.Of(facts.SlurmRoot, line.Value, Path.GetDirectoryName(conf.Path) ?? "/").Reverse().Select(path => new Step(line, path))];
            if (found.Length == 0)
            {
                return Finding.Fault(check, $"{key}={value} ({line.Place}) is not there: {Drains}", FixOfMissing(facts.SlurmRoot, key, line));
            }

            steps.AddRange(found);
        }

        // The first that fails keeps the rest from running.
        HookScript[] looks = [.. steps.Select(step => HookScripts.Look(facts.SlurmRoot, step.Path, check))];
        for (int i = 0; i < steps.Count; i++)
        {
            if (Broken(facts, key, steps[i], looks[i]) is var (why, fix))
            {
                return Finding.Fault(check, $"{steps[i].Path} of {key}={steps[i].Value} ({steps[i].Line.Place}) {why}: {Drains}", fix);
            }
        }

        HookEvidence? seen = HookEvidence.Last(facts.Status, key);
        if (seen?.IsOf(facts.SlurmRoot, conf.Files, steps.Select(static step => step.Path)) == false)
        {
            seen = null;
        }

        int hook = key == "Prolog" ? Array.FindIndex(looks, static look => look.RunsHook == true) : Array.FindLastIndex(looks, static look => look.RunsHook == true);
        int maybe = Array.FindIndex(looks, static look => look.RunsHook is null);
        return hook >= 0 ? OfOrder(facts.SlurmRoot, check, steps, hook)
            : seen is not null ? Finding.Ok(check, $"{key}={steps[0].Value} ({steps[0].Line.Place}) ran the hook for job {seen.Job}, as hookagentd saw; how it comes to it is not in a script that can be followed")
            : maybe >= 0 ? Finding.Warning(check, $"{steps[maybe].Path} ({steps[maybe].Line.Place}) runs the hook for some jobs and not for others, as far as the script tells", $"have {steps[maybe].Path} call {Hook} for every job")
            : Finding.Fault(check, $"{key}={steps[0].Value} ({steps[0].Line.Place}) does not run the hook", FixOfLine(facts, key, steps));
    }

    /// <summary>Why slurmd cannot run a program, or why it fails, and what helps; null where nothing is wrong with it.</summary>
    private static (string Why, string Fix)? Broken(NodeFacts facts, string key, Step step, HookScript look)
    {
        SystemRoot root = facts.SlurmRoot;
        string path = step.Path;
        if (root.IsFolder(path))
        {
            return ("is a folder", step.IsOfPattern ? Fixes.MoveOut(path) : Fixes.Write(step.Line, $"{key}={path}/*"));
        }

        if (root.IsExecutable(path) is not { } isExecutable)
        {
            return ("is missing: it is a link that leads nowhere", root.Resolve(path) == Hook ? PackageTool.Reinstall(root) : step.IsOfPattern ? $"rm {path}, or put back what it leads to" : $"have {path} lead to a program");
        }

        if (!isExecutable)
        {
            bool isProgram = !step.IsOfPattern || root.TryReadText(path, out _)?.StartsWith("#!", StringComparison.Ordinal) == true;
            return ("is not executable", isProgram ? $"chmod +x {path}" : Fixes.MoveOut(path));
        }

        if (MountTable.IsNoexec(facts.SlurmRoot, facts.Slurmd.Process, root.Resolve(path)) is { } mount)
        {
            return ($"lies on {mount}, which is mounted noexec", $"mount -o remount,bind,exec {mount}, or put it on another file system");
        }

        return look.Failure is not { } failure ? null : (failure, look.Mend?.Replace("{}", path, StringComparison.Ordinal) ?? $"correct {path}");
    }

    private static Finding OfOrder(SystemRoot root, string check, List<Step> steps, int hook)
    {
        Step at = steps[hook];
        bool isProlog = check == "prolog";
        if (steps.Count == 1)
        {
            return Finding.Ok(check, $"{at.Path} ({at.Line.Place})");
        }

        string names = string.Join(", ", steps.Select(static step => Path.GetFileName(step.Path)));
        string how = steps.All(static step => step.IsOfPattern) ? "Slurm runs them from z to a" : "in this order";
        string wanted = isProlog ? "first" : "last";
        if (hook == (isProlog ? 0 : steps.Count - 1))
        {
            return Finding.Ok(check, $"{at.Path}, the {wanted} of {steps.Count} ({how}: {names})");
        }

        string why = isProlog ? "so that the node is taken back while the others run" : "so that the node is not lent before the others have cleaned up";
        Step first = isProlog ? steps[0] : steps[^1];
        return Finding.Warning(
            check,
            $"{at.Path} is not the {wanted} of {steps.Count} ({how}: {names}); it should be, {why}",
            first.Line != at.Line ? Fixes.Move(at.Line, first.Line, isProlog)
                : root.Resolve(at.Path) == Hook && FreeName(root, at.Line.Value, at.Path, isProlog) is { } name ? $"mv {at.Path} {name}"
                : $"have it run {wanted}: by a name of its own that {Path.GetFileName(at.Line.Value)} fits");
    }

    /// <summary>A name beside the others of a pattern that the pattern fits and that sorts where the hook should be; null where none is known.</summary>
    private static string? FreeName(SystemRoot root, string value, string other, bool isLast)
    {
        string pattern = Path.GetFileName(value);
        string folder = Path.GetDirectoryName(other) ?? "/";
        string end = pattern[(pattern.LastIndexOfAny(['*', '?', ']']) + 1)..];
        string[] taken = [.. root.Glob($"{folder}/{pattern}").Where(path => path != other).Select(path => Path.GetFileName(path)!)];
        string[] begins = isLast ? ["zz-hookagent", "zzz-hookagent", "99-hookagent", "99zz-hookagent", "9-hookagent"] : ["00-hookagent", "000-hookagent", "0-hookagent"];
        return begins.Select(begin => begin + end)
            .FirstOrDefault(name => GlobPattern.Fits(pattern, name) && taken.All(one => isLast ? string.CompareOrdinal(name, one) > 0 : string.CompareOrdinal(name, one) < 0)) is { } free
            ? $"{folder}/{free}"
            : null;
    }

    /// <summary>Nothing of the site's is lost by it: there is nothing.</summary>
    private static string FixOfMissing(SystemRoot root, string key, SlurmLine line)
    {
        if (line.Value == Hook)
        {
            return PackageTool.Reinstall(root);
        }

        string folder = Path.GetDirectoryName(line.Value) ?? "/";
        return GlobPattern.HasWildcards(line.Value) && !GlobPattern.HasWildcards(folder) && folder.StartsWith('/')
            && FreeName(root, line.Value, $"{folder}/", key == "Prolog") is { } name
            ? $"mkdir -p {folder} && ln -s {Hook} {name}"
            : $"put the program there, or {Fixes.Write(line, $"{key}={Hook}")}";
    }

    /// <summary>A way to the hook that leaves the site's own programs in force.</summary>
    private static string FixOfLine(NodeFacts facts, string key, List<Step> steps)
    {
        bool isProlog = key == "Prolog";
        Step step = isProlog ? steps[0] : steps[^1];
        if (facts.Version?.IsAtLeast(24, 5) == true)
        {
            return Fixes.Insert(step.Line, $"{key}={Hook}", isProlog);
        }

        string folder = Path.GetDirectoryName(step.Path) ?? "/";
        if (step.IsOfPattern && FreeName(facts.SlurmRoot, step.Line.Value, $"{folder}/", isProlog) is { } name)
        {
            return $"ln -s {Hook} {name}";
        }

        // The trap of a shell is called however the script ends, and leaves its exit code.
        return HookScripts.IsShell(facts.SlurmRoot, step.Path)
            ? $"sed --follow-symlinks -i '1a {(isProlog ? Hook : $"trap {Hook} EXIT")}' {step.Path}"
            : step.IsOfPattern ? $"link {Hook} by a name that {step.Value} fits" : $"have {step.Path} call {Hook}, {(isProlog ? "first" : "last")}";
    }
}
