using System.Text;
using HookAgent.Core.Jobs;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Core.Tests.Fuzzed;

public sealed class StepTitleFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void A_title_is_a_jobs_or_nobodys() => Fuzz.Run(output, 1, mutator =>
    {
        byte[] title = mutator.Mutate(["slurmstepd: [123.batch]\0"u8.ToArray(), "slurmstepd: [4294967293.4+1]"u8.ToArray()]);
        JobId? job = Fuzz.Within(1 << 16, () => SlurmSteps.JobOfTitle(title));
        Assert.True(job is null || Encoding.Latin1.GetString(title).Contains(job.Value.ToString(), StringComparison.Ordinal));
    });
}
