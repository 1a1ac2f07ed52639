using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Tests.Slurm;

public sealed class SlurmdOptionsTests
{
    [Theory]
    [InlineData("/x", "-f", "/x")]
    [InlineData("/x", "-f/x")]
    [InlineData("/x", "-Dvf/x")]
    [InlineData("/x", "-Df", "/x")]
    [InlineData("/y", "-f", "/x", "-f/y")]
    [InlineData("/x", "-N", "n1", "-L", "-f/no", "-f/x")]
    [InlineData("/x", "--conf", "-f/no", "-f/x")]
    [InlineData("/x", "--instance-i=-f/no", "-f/x")]
    [InlineData("/x", "word", "-f", "/x")]
    [InlineData("/x", "-Fdynamic", "-f/x")]
    [InlineData("/x", "-F", "-f/x")]
    [InlineData(null, "-Nf/no")]
    [InlineData(null, "-Ff/no")]
    [InlineData(null, "-n", "-f/no")]
    [InlineData(null, "--extra", "-f/no")]
    [InlineData(null, "--", "-f/no")]
    [InlineData(null, "-f")]
    [InlineData(null, "-")]
    public void Finds_the_slurm_conf_as_getopt_does(string? file, params string[] arguments) =>
        Assert.Equal(file, SlurmdOptions.Parse(arguments).ConfigFile);

    [Theory]
    [InlineData("n2", "-N", "n1", "-DNn2")]
    [InlineData("n1", "-DN", "n1")]
    [InlineData(null, "-f", "-Nn1")]
    public void Finds_the_node_name(string? name, params string[] arguments) =>
        Assert.Equal(name, SlurmdOptions.Parse(arguments).NodeName);

    [Theory]
    [InlineData(true, "--conf-server", "ctl")]
    [InlineData(true, "--conf-server=ctl:6817")]
    [InlineData(true, "-D", "--conf-s=ctl")]
    [InlineData(false, "--conf", "NodeName=n1")]
    [InlineData(false, "--extra", "--conf-server=ctl")]
    public void Knows_one_that_takes_its_configuration_from_slurmctld(bool isConfigless, params string[] arguments) =>
        Assert.Equal(isConfigless, SlurmdOptions.Parse(arguments).IsConfigless);
}
