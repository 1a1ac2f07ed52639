namespace HookAgent.Ctl.Doctor;

internal static class DoctorCommand
{
    public static int Run(DoctorOptions options, Terminal terminal) => terminal.Fail(options.Root);
}
