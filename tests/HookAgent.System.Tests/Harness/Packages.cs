namespace HookAgent.SystemTests.Harness;

/// <summary>The packages under test, named by the environment: the Makefile's, or any others.</summary>
internal static class Packages
{
    public static string Agent => Find("HOOKAGENT_DEB");

    public static string Provider => Find("HOOKAGENT_WASIMOFF_DEB");

    private static string Find(string variable)
    {
        string? path = Environment.GetEnvironmentVariable(variable);
        Assert.True(File.Exists(path), $"{variable} must name a package, and '{path}' is none: run it by 'make test', or 'make deb' first");
        return path!;
    }
}
