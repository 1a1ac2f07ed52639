namespace HookAgent.Ctl.Reconcile;

internal static class ReconcileCommand
{
    public static int Run(ReconcileOptions options, Terminal terminal) => 0;
}
