using HookAgent.Bus;

namespace HookAgent.Ctl.Output;

/// <summary>The user who became root by sudo(8), by what that leaves in the environment.</summary>
internal static class SudoUser
{
    /// <summary>Empty where there is none, or what is no name.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("SUDO_USER") is { } user && NodeContract.IsSudoUser(user) ? user : "";
}
