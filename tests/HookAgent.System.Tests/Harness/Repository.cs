namespace HookAgent.SystemTests.Harness;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "tests", "lab", "lab")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"no tests/lab/lab above {AppContext.BaseDirectory}");
    }
}
