using System.Globalization;

namespace HookAgent.Ctl.Output;

/// <summary>Numbers of things, in words.</summary>
internal static class Plural
{
    /// <summary>"1 fault", "2 faults".</summary>
    public static string Of(long count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
