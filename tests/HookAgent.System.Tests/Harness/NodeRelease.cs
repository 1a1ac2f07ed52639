using System.Globalization;
using System.Text.RegularExpressions;

namespace HookAgent.SystemTests.Harness;

/// <summary>The versions of what is on a node, for what they do differently.</summary>
internal static partial class NodeRelease
{
    /// <summary>Such as 22.5.8 for Slurm 22.05.8.</summary>
    public static Version Slurm(Node node) => Version.Parse(SlurmText(node));

    /// <summary>As Slurm writes it, such as "22.05.8".</summary>
    public static string SlurmText(Node node) => SlurmNumber().Match(node.Run("slurmd", "-V").Text).Value;

    /// <summary>Such as 252.</summary>
    public static int Systemd(Node node) => int.Parse(SystemdNumber().Match(node.Run("systemctl", "--version").Text).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+\.\d+\.\d+")]
    private static partial Regex SlurmNumber();

    [GeneratedRegex(@"^systemd (\d+)")]
    private static partial Regex SystemdNumber();
}
