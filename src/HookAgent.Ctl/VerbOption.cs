using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;

namespace HookAgent.Ctl;

/// <summary>One option of a verb, and whether it needs a value.</summary>
internal sealed record VerbOption(OptionAttribute Option, bool TakesValue)
{
    /// <summary>As it is typed: "--for TIME".</summary>
    public string Written => $"--{Option.LongName}{(TakesValue ? $" {Option.MetaValue}" : "")}";

    /// <summary>Those of an options class, its own before those of every verb.</summary>
    public static IReadOnlyList<VerbOption> Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type options)
    {
        List<VerbOption> own = [];
        List<VerbOption> common = [];
        foreach (PropertyInfo property in options.GetProperties())
        {
            if (property.GetCustomAttribute<OptionAttribute>() is { } option)
            {
                (property.DeclaringType == typeof(CommonOptions) ? common : own).Add(new VerbOption(option, property.PropertyType != typeof(bool)));
            }
        }

        return [.. own, .. common];
    }
}
