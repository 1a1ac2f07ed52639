using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Adopt;

/// <summary>A symbolic link by which a unit is enabled: in a folder of another unit's wants, or as a name more of its own.</summary>
internal sealed record UnitLink(string Path, string Target)
{
    public const string Folder = "/etc/systemd/system";

    private const string Arrow = " -> ";

    public override string ToString() => $"{Path}{Arrow}{Target}";

    /// <summary>What <see cref="ToString"/> writes; null for anything else, and for a link that lies elsewhere.</summary>
    public static UnitLink? Parse(string text) =>
        text.Split(Arrow) is [var path, { Length: > 0 } target] && path.StartsWith($"{Folder}/", StringComparison.Ordinal) && !path.Contains("/../", StringComparison.Ordinal)
            ? new UnitLink(path, target)
            : null;
}

/// <summary>
/// The links that "systemctl disable" would remove. Not left to systemd (DisableUnitFiles, EnableUnitFiles), whose calls do
/// not undo each other: both take in the units of Also=, the one removes links that somebody made by hand, and the other
/// makes those that [Install] names now, also where fewer were there.
/// </summary>
internal sealed class UnitLinks(SystemRoot root)
{
    public IReadOnlyList<UnitLink> Find(string unit) =>
    [
        .. In(UnitLink.Folder).Where(link => Path.GetFileName(link.Path) != unit && Path.GetFileName(link.Target) == unit),
        .. root.Glob($"{UnitLink.Folder}/*")
            .Where(static folder => Path.GetExtension(folder) is ".wants" or ".requires" or ".upholds")
            .SelectMany(In)
            .Where(link => Path.GetFileName(link.Path) == unit || Path.GetFileName(link.Target) == unit),
    ];

    public void Remove(IEnumerable<UnitLink> links)
    {
        foreach (UnitLink link in links)
        {
            File.Delete(root.Real(link.Path));
        }
    }

    /// <summary>Makes links anew where none are; a link whose target is gone is not made.</summary>
    /// <returns>Those that were not made for that.</returns>
    public IReadOnlyList<UnitLink> Restore(IEnumerable<UnitLink> links)
    {
        List<UnitLink> left = [];
        foreach (UnitLink link in links)
        {
            if (!root.IsFile(Path.Combine(Path.GetDirectoryName(link.Path)!, link.Target)))
            {
                left.Add(link);
            }
            else if (new FileInfo(root.Real(link.Path)).LinkTarget is null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(root.Real(link.Path))!);
                File.CreateSymbolicLink(root.Real(link.Path), link.Target);
            }
        }

        return left;
    }

    private IEnumerable<UnitLink> In(string folder) => root.Glob($"{folder}/*")
        .Select(path => new FileInfo(root.Real(path)).LinkTarget is { } target ? new UnitLink(path, target) : null).OfType<UnitLink>();
}
