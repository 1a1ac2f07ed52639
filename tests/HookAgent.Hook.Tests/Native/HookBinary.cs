namespace HookAgent.Hook.Tests.Native;

/// <summary>The published native program, which is what slurmd runs; nothing else would prove anything.</summary>
internal static class HookBinary
{
    private const string Variable = "HOOKAGENT_BIN";

    public static string Path
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable(Variable);
            string path = System.IO.Path.Combine(folder ?? "", "slurm-hook");
            return folder is not null && File.Exists(path)
                ? System.IO.Path.GetFullPath(path)
                : throw new InvalidOperationException(
                    $"{Variable} is '{folder}', which holds no slurm-hook. 'make test' publishes the programs and sets it.");
        }
    }
}
