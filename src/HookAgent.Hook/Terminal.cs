using System.Text;
using HookAgent.Core.Linux;

namespace HookAgent.Hook;

/// <summary>
/// Words for whoever runs the hook by hand. Under slurmd nothing is ever written: its descriptors may be
/// closed, and one that we opened ourselves (a record, the bus) may have taken the number of standard error.
/// </summary>
internal static unsafe class Terminal
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>Writes a line to standard error if that is a terminal, and one that takes it at once.</summary>
    public static void Warn(string line)
    {
        PollEntry entry = new() { Descriptor = StandardError, Events = PollEntry.Writable };
        if (Libc.IsTerminal(StandardError) == 1 && Libc.Poll(&entry, 1, 0) == 1)
        {
            Write(StandardError, line + "\n");
        }
    }

    /// <summary>Writes what was asked for to standard output. Nothing is open by then that could have its number.</summary>
    public static void Print(string text) => Write(StandardOutput, text);

    private static void Write(int descriptor, string text)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text))
        {
            _ = Libc.Write(descriptor, bytes, (nuint)Encoding.UTF8.GetByteCount(text));
        }
    }
}
