using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Doctor;

/// <summary>The folder of the metrics file: whether it is there, and whether hookagentd may write it.</summary>
internal static class MetricsCheck
{
    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        const string check = "metrics";
        if (facts.Set.MetricsTextFile is not { } file)
        {
            return [Finding.Ok(check, "are not asked for (TextFile= is empty)")];
        }

        string folder = Path.GetDirectoryName(file) ?? "/";
        if (!facts.Root.IsFolder(folder))
        {
            return
            [
                file == AgentSettings.Defaults.MetricsTextFile
                    ? Finding.Ok(check, $"are not written: there is no {folder}, which Debian's prometheus-node-exporter brings")
                    : Finding.Warning(check, $"are not written: there is no {folder} (TextFile=)", $"mkdir -p {folder}, or empty TextFile= in hookagent.conf"),
            ];
        }

        return facts.Agent is { } agent && !agent.ReadWritePaths.Any(path => IsWithin(folder, path.TrimStart('-', '+')))
            ? [Finding.Warning(check, $"hookagentd.service may not write {folder} (TextFile=)", $"systemctl edit hookagentd, with  [Service] ReadWritePaths={folder}")]
            : [Finding.Ok(check, $"go to {file}")];
    }

    private static bool IsWithin(string folder, string path) =>
        folder == path || folder.StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal);
}
