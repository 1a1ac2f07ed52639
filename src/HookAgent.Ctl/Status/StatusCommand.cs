namespace HookAgent.Ctl.Status;

internal static class StatusCommand
{
    public static int Run(StatusOptions options, Terminal terminal) => 0;
}
