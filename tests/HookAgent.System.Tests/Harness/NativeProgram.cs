namespace HookAgent.SystemTests.Harness;

/// <summary>Small static C programs of these tests, compiled on this machine and brought into the node.</summary>
internal static class NativeProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>Its path in the node.</summary>
    public static string Bring(Node node, string name)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Native", name + ".c");
        string program = Path.Combine(AppContext.BaseDirectory, "Native", name);
        Command.Run(["gcc", "-static", "-O2", "-Wall", "-Werror", "-o", program, source], s_limit).Check();
        string path = $"/usr/local/libexec/{name}";
        node.Bring(program, path);
        return path;
    }
}
