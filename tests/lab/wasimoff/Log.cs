using System.Text;

namespace HookAgent.Wasimoff;

/// <summary>Lines to stdout, which the journal stamps. Not through Console, which would take over signals.</summary>
internal static class Log
{
    private static readonly Stream s_out = System.Console.OpenStandardOutput();
    private static readonly Lock s_one = new();

    public static void Line(FormattableString text) => Line(FormattableString.Invariant(text));

    public static void Line(string text)
    {
        byte[] line = Encoding.UTF8.GetBytes(text + "\n");
        lock (s_one)
        {
            s_out.Write(line);
            s_out.Flush();
        }
    }
}
