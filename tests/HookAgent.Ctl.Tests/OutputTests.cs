using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests;

/// <summary>The published program where it cannot write, or hardly run: an exit code and a sentence, and no stack trace.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData(">&-", "Bad file descriptor")]
    [InlineData(">/dev/full", "No space left on device")]
    public void What_cannot_be_written_is_told(string redirection, string cause)
    {
        using FakeNode node = new();
        node.StartDaemon();
        foreach (string words in (string[])["status", "status --json", "status --watch", "jobs", "--version", "--help", "hold --help"])
        {
            Assert.Equal((1, $"hookctl: cannot write: {cause}; run it again where there is an output that can be written to\n"), Shell($"exec \"$0\" {words} \"$@\" {redirection}", words.Contains("help", StringComparison.Ordinal) || words == "--version" ? [] : node.Options));
        }
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    [InlineData(">&- 2>&-")]
    [InlineData("<&- >/dev/full 2>/dev/full")]
    public void Where_nobody_can_be_told_the_exit_code_is_all(string redirection)
    {
        Assert.Equal((64, ""), Shell($"exec \"$0\" fly {redirection}"));
        Assert.Equal((1, ""), Shell($"exec \"$0\" status --bus unix:path=/nonexistent {redirection}"));
    }

    /// <summary>The next file that is opened would have its number, and be written to: the bus.</summary>
    [Fact]
    public void A_closed_output_is_nobody_else_s_number()
    {
        using FakeNode node = new();
        node.StartDaemon();
        Assert.Equal((1, "hookctl: cannot write: Bad file descriptor; run it again where there is an output that can be written to\n"), Shell("exec \"$0\" status \"$@\" <&- >&-", node.Options));
        Assert.Equal(0, Hookctl.RunBinary(["status", .. node.Options]).ExitCode);
    }

    [Theory]
    [InlineData("ulimit -v 30000", 1, "hookctl: too little address space: it needs 96 MiB; see 'ulimit -v'\n")]
    [InlineData("ulimit -v 60000", 1, "hookctl: too little address space: it needs 96 MiB; see 'ulimit -v'\n")]
    [InlineData("ulimit -Sv 30000", 0, "")]
    [InlineData("ulimit -v 98304", 0, "")]
    [InlineData("export DOTNET_GCHeapHardLimit=100000", 0, "")]
    [InlineData("export DOTNET_GCHeapHardLimit=nonsense DOTNET_GCgen0size=1", 0, "")]
    [InlineData("ulimit -v 122880", 0, "")]
    public void A_limit_is_kept_off_or_told(string limit, int exitCode, string errors)
    {
        using FakeNode node = new();
        node.StartDaemon();
        node.StartSystemd(new JsonObject
        {
            ["wasimoff-provider.service"] = new JsonObject
            {
                ["Unit"] = new JsonObject { ["ActiveState"] = "inactive" },
                ["Service"] = new JsonObject { ["Type"] = "exec" },
            },
        });

        // Which thread allocates first, and so what there is to reserve, differs from run to run.
        for (int run = 0; run < 20; run++)
        {
            Assert.Equal((exitCode, errors), Shell($"{limit}; exec \"$0\" status \"$@\" >/dev/null", node.Options));
        }
    }

    private static (int ExitCode, string Errors) Shell(string script, params string[] options)
    {
        Hookctl run = Hookctl.RunProgram("sh", ["-c", script, Hookctl.Binary, .. options]);
        return (run.ExitCode, run.Errors);
    }
}
