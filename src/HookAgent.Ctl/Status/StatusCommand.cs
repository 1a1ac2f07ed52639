using CommandLine;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

[Verb("status", HelpText = "Show what the node is doing and why.")]
internal sealed class StatusOptions : CommonOptions
{
    [Option("watch", HelpText = "Show it again at each change, until interrupted.")]
    public bool Watch { get; set; }

    [Option("short", HelpText = "The same as --output short: one line.")]
    public bool Short { get; set; }
}

/// <summary><c>hookctl status</c>: anyone may run it.</summary>
internal static class StatusCommand
{
    public static int Run(StatusOptions options, Terminal terminal)
    {
        bool isShort = options.Short || options.IsShort;
        if (isShort && options.Json)
        {
            return terminal.Refuse("--short does not go with --json; leave out one of them");
        }

        return AgentConnection.Use(options.Bus, terminal, agent =>
        {
            if (StatusSnapshot.Of(agent, out NodeAnswer answer) is not { } reading)
            {
                return terminal.Fail(AgentConnection.Explain(answer));
            }

            if (options.Watch)
            {
                return new StatusWatch(agent, terminal, options.Json, isShort || !terminal.IsScreen).Run();
            }

            if (options.Json)
            {
                JsonLine.Write(terminal.Out, StatusJson.Of(reading));
            }
            else if (isShort)
            {
                terminal.Out.WriteLine(StatusText.Short(reading));
            }
            else
            {
                new StatusText(terminal, DateTimeOffset.UtcNow, LocalZone.For(terminal)).Write(reading);
            }

            return ExitCode.Done;
        });
    }
}
