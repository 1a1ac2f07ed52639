namespace HookAgent.Ctl.Doctor;

/// <summary>The directory of the job records.</summary>
internal static class RecordsCheck
{
    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        const string check = "records";
        const string path = $"{NodeFacts.RunDirectory}/jobs";
        yield return facts.Root.IsFolder(path)
            ? facts.Root.IsWritableByOthers(path)
                ? Finding.Fault(check, $"others than root may write {path}, and so keep the node from being lent", $"chmod 0755 {path}")
                : Finding.Ok(check, path)
            : Finding.Fault(check, $"there is no folder {path}: no job can be recorded, and nothing is lent", "systemd-tmpfiles --create hookagent.conf && hookctl reconcile");
    }
}
