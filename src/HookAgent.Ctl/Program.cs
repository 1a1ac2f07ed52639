using System.Text;
using HookAgent.Ctl;

// Plain streams: Console.Out would look up the terminal's encoding and capabilities first. A reader that went
// away (hookctl status | head) is no error; .NET's console stream passes over EPIPE.
UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
using StreamWriter output = new(Console.OpenStandardOutput(), utf8);
using StreamWriter errors = new(Console.OpenStandardError(), utf8) { AutoFlush = true };
bool coloured = Terminal.WantsColour(
    !Console.IsOutputRedirected, Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));
Terminal terminal = new(output, errors, coloured, !Console.IsOutputRedirected);
try
{
    int exitCode = HookCtl.Run(args, terminal);
    output.Flush();
    return exitCode;
}
catch (IOException failure)
{
    return terminal.Fail($"cannot write: {failure.Message}");
}
