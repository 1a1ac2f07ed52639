using HookAgent.Bus;

namespace HookAgent.Ctl.Status;

/// <summary><c>hookctl status</c>: anyone may run it.</summary>
internal static class StatusCommand
{
    public static int Run(StatusOptions options, Terminal terminal)
    {
        if (!DaemonLink.TryOpen(options.Bus, out DaemonLink? link, out string? sentence))
        {
            return terminal.Fail(sentence);
        }

        using (link)
        {
            NodeAnswer answer = link.Node.GetStatus(out NodeStatus? status);
            if (status is null)
            {
                return terminal.Fail(DaemonLink.Sentence(answer));
            }

            if (options.Json)
            {
                StatusJson.Write(status, terminal.Out);
            }
            else
            {
                new StatusText(terminal, DateTimeOffset.UtcNow, TimeZoneInfo.Local).Write(status);
            }

            return ExitCode.Done;
        }
    }
}
