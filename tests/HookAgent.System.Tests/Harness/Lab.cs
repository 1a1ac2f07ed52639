using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HookAgent.SystemTests.Harness;

/// <summary>
/// A cluster of tests/lab. Its name is this source tree's own, so that two trees can be tested at once and the
/// next run finds and removes what one that was killed left behind.
/// </summary>
internal sealed class Lab : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private readonly string[] _lab;

    private Lab(string purpose)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Repository.Root));
        string name = string.Create(CultureInfo.InvariantCulture, $"system-{Convert.ToHexStringLower(hash)[..8]}-{purpose}");
        _lab = [Path.Combine(Repository.Root, "tests", "lab", "lab"), "--name", name];
    }

    /// <summary>Boots one node with slurmctld and slurmd.</summary>
    /// <param name="release">Its Debian; null for what HOOKAGENT_LAB_RELEASE says, bookworm (the default) or trixie.</param>
    /// <param name="bus">Its bus; null for what HOOKAGENT_LAB_BUS says, dbus-daemon (the default) or dbus-broker.</param>
    public static Lab Up(string purpose, string? bus = null, string? release = null)
    {
        Assert.True(Environment.IsPrivilegedProcess, "these tests boot Slurm nodes in namespaces of this machine, which takes root");
        Lab lab = new(purpose);
        bus ??= Environment.GetEnvironmentVariable("HOOKAGENT_LAB_BUS") is { Length: > 0 } told ? told : "dbus-daemon";
        lab.Run(["up", "micro", "--bus", bus, .. release is null ? (string[])[] : ["--release", release]]);
        return lab;
    }

    public Node Node => new("com0", [.. _lab, "exec", "com0", "--"]);

    /// <summary>By the node's own dpkg; what it said.</summary>
    public string Install(params string[] packages) => Run(["install", .. packages]).Output;

    /// <summary>Debian's own packages, with what they need; "--reinstall" first for those that are there.</summary>
    public void Apt(params string[] packages) => Run(["apt", .. packages]);

    /// <summary>Puts the stand-in in the provider's place, which says when it ran.</summary>
    public void Standin() => Run("standin");

    /// <summary>Shuts a node down, or cuts its power, and boots it again.</summary>
    public void Reboot(Node node, bool crash)
    {
        Run(["stop-node", node.Name, .. crash ? ["--crash"] : (string[])[]]);
        Run("start-node", node.Name);
    }

    /// <summary>The next boot, and all until <see cref="Reboot"/>, is from an image: the root read-only, /var empty at each boot.</summary>
    public void RebootFromImage(Node node)
    {
        Run("stop-node", node.Name);
        Run("start-node", node.Name, "--image");
    }

    public void Dispose() => Run("down");

    private CommandResult Run(params string[] words) => Command.Run([.. _lab, .. words], s_limit).Check();
}
