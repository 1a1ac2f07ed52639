namespace HookAgent.Ctl.Doctor;

/// <summary>
/// <c>hookctl doctor</c>: looks at everything between Slurm and the provider, changes nothing, and says of each part
/// whether it is as it should be; with --removal, whether the hook may go. Without root it says what it could not see.
/// </summary>
internal static class DoctorCommand
{
    public static int Run(DoctorOptions options, Terminal terminal)
    {
        IReadOnlyList<CheckGroup> groups = options.Removal
            ? [new CheckGroup("Removal", [.. RemovalCheck.Of(RemovalFacts.Gather(options))])]
            : Checkup.Of(FactGathering.Gather(options));
        if (options.Json)
        {
            DoctorJson.Write(groups, terminal.Out);
        }
        else
        {
            DoctorText.Write(groups, terminal);
        }

        return Checkup.ExitCodeOf(groups);
    }
}
