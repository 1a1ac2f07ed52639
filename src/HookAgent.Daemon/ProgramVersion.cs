using System.Reflection;

namespace HookAgent.Daemon;

/// <summary>The version of this program, as the build stamped it.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
