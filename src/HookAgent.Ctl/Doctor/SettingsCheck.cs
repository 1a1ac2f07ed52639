using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Doctor;

/// <summary>hookagentd's settings, and whether the hook goes by the same.</summary>
internal static class SettingsCheck
{
    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        const string check = "settings";
        if (facts.Settings is SettingsResult.Invalid invalid)
        {
            return [.. invalid.Errors.Select(static error => Finding.Fault(check, error.ToString(), "hookagentd --check && systemctl reload-or-restart hookagentd"))];
        }

        string path = Path.Combine(NodeFacts.RunDirectory, "hook.conf");
        HookSettings published = HookSettings.Read(facts.Root.Real(path), out HookSettingsFault fault);
        if (fault != HookSettingsFault.None)
        {
            return [Finding.Fault(check, $"{path}, which the hook reads, is damaged ({fault}): the hook takes its defaults", "systemctl restart hookagentd")];
        }

        return facts.Status is not null && published != new HookSettings(facts.Set.HookTimeout, facts.Set.PrologWait)
            ? [Finding.Warning(check, $"{path}, which the hook reads, is not what hookagent.conf says", "systemctl reload hookagentd")]
            : [Finding.Ok(check, facts.Status is null ? "are good" : "are good, and the hook has them")];
    }
}
