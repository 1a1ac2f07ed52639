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
            if (StatusReading.Of(link, out NodeAnswer answer) is not { } reading)
            {
                return terminal.Fail(DaemonLink.Sentence(answer));
            }

            if (options.Watch)
            {
                return new StatusWatch(link, terminal, options.Json).Run();
            }

            if (options.Json)
            {
                StatusJson.Write(reading, terminal.Out);
            }
            else
            {
                new StatusText(terminal, DateTimeOffset.UtcNow, TimeZoneInfo.Local).Write(reading);
            }

            return ExitCode.Done;
        }
    }
}
