using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Doctor;

/// <summary>What installs packages on this node: apt, or dnf or zypper where there is no apt.</summary>
internal static class PackageTool
{
    /// <summary>The command that installs one of our packages.</summary>
    public static string Install(SystemRoot root, string package) => $"{Of(root)} install {package}";

    /// <summary>The command that puts back what belongs to the package itself.</summary>
    public static string Reinstall(SystemRoot root) => Of(root) switch
    {
        "dnf" => "dnf reinstall hookagent",
        "zypper" => "zypper install --force hookagent",
        string tool => $"{tool} install --reinstall hookagent",
    };

    private static string Of(SystemRoot root) =>
        root.IsFile("/usr/bin/apt") ? "apt"
        : root.IsFile("/usr/bin/dnf") ? "dnf"
        : root.IsFile("/usr/bin/zypper") ? "zypper"
        : "apt";
}
