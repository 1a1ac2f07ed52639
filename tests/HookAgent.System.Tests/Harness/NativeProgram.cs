namespace HookAgent.SystemTests.Harness;

/// <summary>The small C programs and libraries of these tests, compiled on this machine and brought into the node.</summary>
internal static class NativeProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>Its path in the node.</summary>
    public static string Bring(Node node, string name) => Bring(node, name, name, "-static");

    /// <summary>For LD_PRELOAD; its path in the node.</summary>
    public static string BringLibrary(Node node, string name) => Bring(node, name, name + ".so", "-shared", "-fPIC");

    private static string Bring(Node node, string name, string made, params string[] options)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Native", name + ".c");
        string file = Path.Combine(AppContext.BaseDirectory, "Native", made);
        Command.Run(["gcc", .. options, "-O2", "-Wall", "-Werror", "-o", file, source], s_limit).Check();
        string path = $"/usr/local/libexec/{made}";
        node.Bring(file, path);
        return path;
    }
}
