namespace HookAgent.Ctl.Status;

/// <summary>The sentence behind a reason's word.</summary>
internal static class Why
{
    public static string Sentence(string reason) => reason;
}
