namespace HookAgent.SystemTests.Harness;

/// <summary>The tests that share the one node, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneNode : ICollectionFixture<SystemFixture>
{
    public const string Name = "one Slurm node";
}
