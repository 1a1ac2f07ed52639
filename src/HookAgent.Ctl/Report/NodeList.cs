using HookAgent.Report;

namespace HookAgent.Ctl.Report;

/// <summary>A list of nodes in a line that has room for so many characters: whole in a pipe, else cut at a comma.</summary>
internal static class NodeList
{
    private const int Least = 16;

    public static string Of(IEnumerable<string> names, int room)
    {
        string set = NodeSets.Of(names);
        room = Math.Max(Least, room);
        int comma = set.Length <= room ? -1 : set.LastIndexOf(',', room - 3);
        return set.Length <= room ? set : comma < 0 ? "…" : $"{set[..comma]},…{(set.LastIndexOf('[', comma) > set.LastIndexOf(']', comma) ? "]" : "")}";
    }
}
