using CommandLine;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Adopt;

[Verb("adopt", HelpText = "Make a service of this node safe to lend, by a drop-in (root only).")]
internal sealed class AdoptOptions : CommonOptions
{
    [Option("dry-run", HelpText = "Say what would be done, and do nothing.")]
    public bool DryRun { get; set; }

    [Option("undo", HelpText = "Put the unit back as it was before it was adopted.")]
    public bool Undo { get; set; }

    [Option("root", Hidden = true, MetaValue = "DIR", HelpText = "Look at and write the files below this folder.")]
    public string Root { get; set; } = "/";
}

/// <summary>
/// <c>hookctl adopt</c>: a service that was not written for HookAgent gets what a lent unit needs, and is disabled. It is not
/// lent by that: Unit= of hookagent.conf(5) says which unit is.
/// </summary>
internal static class AdoptCommand
{
    public static int Run(AdoptOptions options, Terminal terminal)
    {
        string word = options.Words.Single();
        string unit = word.Contains('.', StringComparison.Ordinal) ? word : $"{word}.service";
        if (unit.EndsWith("@.service", StringComparison.Ordinal))
        {
            return terminal.Refuse($"{unit} is a template, which nothing can start; name an instance of it, such as {unit.Replace("@", "@1", StringComparison.Ordinal)}");
        }

        if (!UnitName.IsService(unit))
        {
            return terminal.Refuse($"'{Terminal.Printable(unit)}' is not the name of a service; only services can be lent");
        }

        if (!options.DryRun && !Environment.IsPrivilegedProcess)
        {
            return terminal.Fail("only root may do this; try it with sudo, or with --dry-run");
        }

        return AgentConnection.Use(options.Bus, terminal, agent =>
        {
            NodeFacts node = NodeFacts.OfFiles(new DoctorOptions { Root = options.Root });
            try
            {
                return options.Undo ? Undo(options, terminal, agent, node, unit) : Adopt(options, terminal, agent, node, unit);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return terminal.Fail($"{failure.Message}; what was done until then is left, and 'hookctl adopt' or 'hookctl adopt --undo' goes on from there");
            }
        });
    }

    private static int Adopt(AdoptOptions options, Terminal terminal, AgentConnection agent, NodeFacts node, string unit)
    {
        UnitSettings? before = agent.ReadUnit(unit);
        AdoptFacts facts = new()
        {
            Name = unit,
            Unit = before,
            Set = node.Set,
            IsLinked = before is { FragmentPath.Length: > 0 } && new FileInfo(node.Root.Real(before.FragmentPath)).LinkTarget is not null,
            Links = new UnitLinks(node.Root).Find(unit),
            DropIn = node.Root.TryReadText(AdoptDropIn.PathOf(unit), out _),
            StartedWith = [.. before?.StartedWith.Where(other => other != NodeFacts.AgentUnit && UnitName.IsService(other) && agent.ReadUnit(other) is { LoadState: "loaded" }) ?? []],
        };
        if (AdoptRefusal.Of(facts) is { } why)
        {
            return terminal.Fail(Terminal.Printable(why));
        }

        bool isLent = IsLent(agent, node, unit);
        AdoptReport report = new()
        {
            Unit = unit,
            IsUndo = false,
            IsDry = options.DryRun,
            Next = isLent ? ["hookagentd lends the node to it: 'hookctl doctor' checks it."] : NextSteps(unit),
        };
        string text = AdoptDropIn.Of(facts);
        if (facts.DropIn is null && !UnitChecks.OfSettings(node, unit, before!).Any(static finding => finding is { Verdict: not Verdict.Ok, Check: not "unit-memory" }))
        {
            (report.Changed, report.Notes) = (false, [$"{unit} can be lent as it is."]);
        }
        else if (text == facts.DropIn && facts.Links.Count == 0 && before!.NeedsReload is not true)
        {
            (report.Changed, report.Text, report.Notes) = (false, text, [$"{unit} is adopted already."]);
        }
        else
        {
            (report.Text, report.Links, report.Notes) = (text, facts.Links, AdoptNotes.Of(facts));
            report.Stopped = !isLent && before!.ActiveState is not ("inactive" or "failed");
        }

        if (report.Changed && !options.DryRun && CarryOut(agent, node, facts, report) is { } failure)
        {
            return terminal.Fail(Terminal.Printable(failure));
        }

        return report.Write(terminal, options.Json);
    }

    /// <summary>Adopts the unit, and takes that back where it is not safe to lend even so. Says what failed; null for nothing.</summary>
    private static string? CarryOut(AgentConnection agent, NodeFacts node, AdoptFacts facts, AdoptReport report)
    {
        Adoption adoption = new(node.Root, agent, facts.Name);
        string? failure = adoption.Begin(report.Text!, facts.Links);
        Finding[] findings = failure is null && agent.ReadUnit(facts.Name) is { } after ? [.. UnitChecks.OfSettings(node, facts.Name, after)] : [];
        if (Array.Find(findings, static finding => finding.Verdict == Verdict.Fault) is { } fault)
        {
            failure = $"{facts.Name} is left as it was, because something counts more than hookctl's drop-in (see 'systemctl cat {facts.Name}') and makes it unsafe to lend: {fault.Text}; take that out";
        }

        if (failure is not null)
        {
            adoption.TakeBack(facts.DropIn, facts.Links);
            return failure;
        }

        report.Notes =
        [
            .. report.Notes,
            .. findings.Where(static finding => finding.Verdict == Verdict.Warning).Select(static finding => $"Warning: {finding.Text}. To fix it: {finding.Fix!.Replace("\n", "\n  ", StringComparison.Ordinal)}"),
        ];
        return report.Stopped ? adoption.Stop() : null;
    }

    private static int Undo(AdoptOptions options, Terminal terminal, AgentConnection agent, NodeFacts node, string unit)
    {
        string path = AdoptDropIn.PathOf(unit);
        if (node.Root.TryReadText(path, out string? problem) is not { } text)
        {
            return terminal.Fail($"{unit} is not adopted: {path} cannot be read ({problem})");
        }

        if (!AdoptDropIn.IsOurs(text))
        {
            return terminal.Fail($"{path} is not of hookctl's making and is left alone");
        }

        if (IsLent(agent, node, unit))
        {
            return terminal.Fail(
                $"hookagentd lends the node to {unit}, which would then run beside jobs; name another unit in Unit= of hookagent.conf, or none, run 'systemctl restart hookagentd', then this again");
        }

        AdoptReport report = new() { Unit = unit, IsUndo = true, IsDry = options.DryRun, Links = AdoptDropIn.LinksOf(text) };
        if (!options.DryRun)
        {
            IReadOnlyList<UnitLink> left = new Adoption(node.Root, agent, unit).End(report.Links, out string? failure);
            if (failure is not null)
            {
                return terminal.Fail(failure);
            }

            report.Links = [.. report.Links.Where(link => !left.Contains(link))];
            report.Notes = [.. left.Select(static link => $"Not put back, because its target is gone: {link}")];
        }

        report.Next = report.Links.Count > 0 ? [$"It starts at the next boot, or now with 'systemctl start {unit}'."] : [];
        return report.Write(terminal, options.Json);
    }

    /// <summary>Whether hookagentd lends the node to this unit, or would at its next start; Unit= may name an alias.</summary>
    private static bool IsLent(AgentConnection agent, NodeFacts node, string unit)
    {
        string[] named = [node.Set.Unit, agent.Node.GetStatus(out HookAgent.Bus.NodeStatus? status).IsOk ? status!.Unit : ""];
        return named.Any(name => name == unit || agent.ReadUnit(name)?.Id == unit);
    }

    private static string[] NextSteps(string unit) =>
    [
        "To lend the node to it:",
        $"  printf '[Node]\\nUnit=%s\\n' {unit} \\",
        "      >/etc/hookagent/hookagent.conf.d/unit.conf",
        "  hookagentd --check && systemctl restart hookagentd",
        "  hookctl doctor",
    ];
}
