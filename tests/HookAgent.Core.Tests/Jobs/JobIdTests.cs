using HookAgent.Core.Jobs;

namespace HookAgent.Core.Tests.Jobs;

public sealed class JobIdTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("4294967293")]
    public void Reads_what_Slurm_writes(string text)
    {
        Assert.True(JobId.TryParse(text, out JobId job));
        Assert.Equal(text, job.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("012")]
    [InlineData("4294967294")]
    [InlineData("99999999999")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("../1")]
    [InlineData("1/..")]
    [InlineData("1_2")]
    [InlineData("\u0661")]
    public void Refuses_everything_else(string text) => Assert.False(JobId.TryParse(text, out _));
}
