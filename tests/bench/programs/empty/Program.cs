namespace HookAgent.Bench;

/// <summary>What native AOT costs before it does anything.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
