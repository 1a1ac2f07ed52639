using System.ComponentModel;
using System.Diagnostics;

namespace HookAgent.Ctl.Output;

/// <summary>Shows long texts on a terminal through a pager, as systemctl(1) does.</summary>
internal static class Pager
{
    /// <summary>
    /// The programs that may be the pager, the first that there is; none where a text is to be written as it is. By
    /// SYSTEMD_PAGER, else PAGER, of which an empty value and "cat" mean none.
    /// </summary>
    public static string[] Programs(bool isTerminal, Func<string, string?> variable) =>
        !isTerminal || variable("TERM") is null or "" or "dumb" ? []
        : (variable("SYSTEMD_PAGER") ?? variable("PAGER")) is { } named ? (named.Trim() is "" or "cat" ? [] : [named])
        : ["less"]; // more(1) waits for a key below a text that fits, and counts the codes of colours.

    /// <summary>Writes to the pager, and waits for its end; to the terminal itself where there is no pager.</summary>
    public static void Show(Terminal terminal, Action<Terminal> write)
    {
        foreach (string program in terminal.PagerPrograms)
        {
            string[] words = program.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ProcessStartInfo start = new(words[0], words[1..]) { RedirectStandardInput = true };
            start.Environment["TERM"] = terminal.Type;
            start.Environment["LESS"] = Environment.GetEnvironmentVariable("SYSTEMD_LESS") ?? "FRSXMK";
            start.Environment["LESSCHARSET"] = Environment.GetEnvironmentVariable("SYSTEMD_LESSCHARSET") ?? "utf-8";
            if (SudoUser.Name.Length > 0)
            {
                // From less one could run a shell, as root, where sudo allows hookctl alone.
                start.Environment["LESSSECURE"] = "1";
            }

            try
            {
                terminal.Out.Flush();
                using Process pager = Process.Start(start)!;
                WriteTo(pager.StandardInput, terminal, write);
                pager.WaitForExit();
                return;
            }
            catch (Win32Exception)
            {
                // There is no such program; the next may be there.
            }
        }

        write(terminal);
    }

    private static void WriteTo(StreamWriter input, Terminal terminal, Action<Terminal> write)
    {
        try
        {
            using (input)
            {
                write(terminal with { Out = input });
            }
        }
        catch (IOException)
        {
            // The operator has left the pager before the end.
        }
    }
}
