using System.Globalization;

namespace HookAgent.Tests;

/// <summary>What tests/bench/accepted allows.</summary>
internal static class AcceptedCost
{
    /// <summary>The most that a figure may be; its line is <c>name value # remark</c>.</summary>
    public static long Of(string name) =>
        Lines().Where(line => line[0] == name).Select(line => long.Parse(line[1], CultureInfo.InvariantCulture)).Single();

    private static IEnumerable<string[]> Lines() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "accepted"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
