namespace HookAgent.Hook.Tests.Native;

/// <summary>Tests that run the real program one after the other: what they measure is time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "xUnit's word for it.")]
public sealed class NativeCollection
{
    public const string Name = "The native program";
}
