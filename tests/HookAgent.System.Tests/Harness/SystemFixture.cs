namespace HookAgent.SystemTests.Harness;

/// <summary>
/// One Slurm node for all tests of the collection, installed and wired as the package's documentation says, with
/// the stand-in in the provider's place.
/// </summary>
public sealed class SystemFixture : IDisposable
{
    private readonly Lab _lab;

    public SystemFixture()
    {
        string[] packages = [Packages.Agent, Packages.Provider];
        _lab = Lab.Up("main");
        try
        {
            _lab.Install(packages);
            _lab.Standin();
            Bench = new Bench(_lab.Node);
            Bench.WireSlurm();
        }
        catch
        {
            _lab.Dispose();
            throw;
        }
    }

    internal Bench Bench { get; }

    internal Lab Lab => _lab;

    public void Dispose() => _lab.Dispose();
}
