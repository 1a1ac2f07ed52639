using System.Collections.Immutable;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;

namespace HookAgent.Daemon.Units;

/// <summary>
/// The units of RequireUnit=: those that are named, and those that systemd has loaded of each pattern. A unit found by a
/// pattern is required from then on, also when it has been stopped; one that nobody can start any more is forgotten.
/// </summary>
internal sealed class RequiredUnitSet(string? value)
{
    private readonly ImmutableArray<string> _named = [.. RequiredUnits.Words(value).Where(static word => !UnitName.IsWild(word))];

    /// <summary>By the patterns.</summary>
    private ImmutableArray<string> _found = [];

    /// <summary>Their own names, where those above are aliases.</summary>
    private ImmutableArray<string> _own = [];

    /// <summary>Those that were up at the last reading.</summary>
    private ImmutableHashSet<string> _up = [];

    public string[] Patterns { get; } = [.. RequiredUnits.Words(value).Where(static word => UnitName.IsWild(word))];

    /// <summary>Which to ask systemd for; <see cref="See"/> wants the answer in this order.</summary>
    public string[] Names => [.. _named, .. _found];

    public bool Contains(string name) => _named.Contains(name) || _found.Contains(name) || _own.Contains(name);

    public bool IsOfPattern(string name) => Patterns.Any(pattern => UnitName.Matches(pattern, name));

    /// <summary>Takes what systemd has loaded of the patterns; the names that are new.</summary>
    /// <param name="provider">What is lent the node is never required of it.</param>
    public string[] Find(IEnumerable<UnitListEntry> rows, string provider)
    {
        string[] found = [.. rows.Where(static row => row.IsThere).Select(static row => row.Name).Where(name => name != provider && !Contains(name))];
        _found = _found.AddRange(found);
        return found;
    }

    /// <summary>Whether all of them are up, by the rows of <see cref="Names"/>; of those found since there is no row yet.</summary>
    public bool See(IReadOnlyList<UnitListEntry> rows)
    {
        _own = [.. rows.Select(static row => row.Name)];
        UnitListEntry[] found = [.. rows.Skip(_named.Length)];
        _found = [.. _found.Where((_, i) => i >= found.Length || found[i].IsThere)];
        _up = [.. rows.Where(row => UnitStrings.IsUp(row, _up.Contains(row.Name))).Select(static row => row.Name)];
        return rows.Take(_named.Length).Concat(found.Where(static row => row.IsThere)).All(row => _up.Contains(row.Name))
            && Patterns.All(pattern => _found.Any(name => UnitName.Matches(pattern, name)));
    }
}
