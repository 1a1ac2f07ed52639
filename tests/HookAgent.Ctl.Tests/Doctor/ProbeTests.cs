using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>doctor --probe: one job, and what the agent saw of it.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly FakeNode _node = new();
    private readonly HealthySite _site = new();

    public void Dispose()
    {
        _site.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void A_job_that_was_seen_from_its_Prolog_to_its_Epilog()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        Hookctl run = Probe("echo 17; echo \"$@\" >arguments", new JsonObject { ["LastProlog"] = now, ["LastPrologJob"] = "17", ["LastEpilog"] = now, ["LastEpilogJob"] = "17" }, out string arguments);

        Assert.Matches("(?m)^  ok +probe +job 17 ran here, in [0-9.]+ m?s of srun$", run.Output);
        Assert.Matches("(?m)^  ok +probe-prolog +the hook ran as Prolog, [0-9.]+ m?s after srun began$", run.Output);
        Assert.Matches("(?m)^  ok +probe-epilog ", run.Output);
        Assert.Matches("^--nodelist=n1 --ntasks=1 .*printenv SLURM_JOB_ID\n$", arguments);
    }

    [Fact]
    public void A_job_without_the_hook()
    {
        Hookctl run = Probe("echo 17", new JsonObject { ["LastProlog"] = 1, ["LastPrologJob"] = "16", ["LastEpilog"] = 1, ["LastEpilogJob"] = "17" }, out _);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("(?m)^  fault +probe-prolog +the hook did not run as Prolog of job 17$", run.Output);
    }

    [Fact]
    public void A_job_that_does_not_run_is_a_warning()
    {
        Hookctl run = Probe("echo 'srun: error: Unable to allocate resources' >&2; exit 1", [], out _);

        Assert.Matches("(?m)^  warning +probe +no job was run: .*Unable to allocate resources\n +-> squeue -w ", run.Output);
        Assert.DoesNotContain("scontrol ping", run.Output, StringComparison.Ordinal);
    }

    private Hookctl Probe(string srun, JsonObject properties, out string arguments)
    {
        _node.StartDaemon(properties: properties);
        using FakeProgram program = new("srun", srun);
        Hookctl run = Hookctl.Run(["doctor", "--probe", "--root", _site.Root, "--srun", program.FilePath, .. _node.Options]);
        arguments = program.HasLeft("arguments") ? program.Left("arguments") : "";
        return run;
    }
}
