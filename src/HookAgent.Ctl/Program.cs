using System.Text;
using HookAgent.Ctl;
using HookAgent.Ctl.Output;

UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
using StandardStream standardOutput = new(1);
using StandardStream standardError = new(2);
using StreamWriter output = new(standardOutput, utf8);
using StreamWriter errors = new(standardError, utf8) { AutoFlush = true };
string? type = Environment.GetEnvironmentVariable("TERM");
bool coloured = Terminal.WantsColour(
    standardOutput.IsTerminal, Environment.GetEnvironmentVariable("NO_COLOR"), type, Environment.GetEnvironmentVariable("SYSTEMD_COLORS"));
Terminal terminal = new(output, errors, coloured, standardOutput.IsTerminal)
{
    Width = standardOutput.Columns,
    ErrorWidth = standardError.Columns,
    Type = type,
    PagerPrograms = Pager.Programs(standardOutput.IsTerminal, Environment.GetEnvironmentVariable),
};

// The command line's parser asks the framework how wide the terminal is, and that would first write to it what
// terminfo names for its type.
Environment.SetEnvironmentVariable("TERM", null);
try
{
    int exitCode = HookCtl.Run(args, terminal);
    output.Flush();
    return exitCode;
}
catch (IOException failure)
{
    return terminal.Fail($"cannot write: {failure.Message}; run it again where there is an output that can be written to");
}
catch (Exception fault)
{
    return terminal.Fail($"internal error: {fault.GetType().Name}: {Terminal.Printable(fault.Message)}; please report it with the output of 'hookctl --version'");
}
