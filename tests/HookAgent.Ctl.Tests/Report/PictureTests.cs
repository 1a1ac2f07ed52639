using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>The picture and the summary of a cluster's day, as they were looked at. HOOKAGENT_WRITE_TABLES=1 writes them anew.</summary>
public sealed class PictureTests
{
    [Theory]
    [InlineData("packaging/images/report-300.svg", "--svg")]
    [InlineData("tests/HookAgent.Ctl.Tests/Report/summary-300.txt", "--summary")]
    public void A_day_of_300_nodes_is_reported_as_it_was_looked_at(string file, string option)
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path);
        string made = folder["made"];
        Hookctl run = Hookctl.RunProgram("env", ["TZ=UTC", Hookctl.Binary, "report", "--summary", "--sort", "trouble", .. option == "--svg" ? new[] { "--svg", made } : [], .. Directory.GetFiles(folder.Path, "*.export")]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        string text = option == "--svg" ? File.ReadAllText(made) : run.Output;
        string kept = ManualPageTests.Find(file);
        if (Environment.GetEnvironmentVariable("HOOKAGENT_WRITE_TABLES") == "1")
        {
            File.WriteAllText(kept, text);
        }

        Assert.Equal(File.ReadAllText(kept), text);
    }
}
