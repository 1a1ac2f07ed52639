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
    [InlineData("/x", "-vf/x")]
    [InlineData(null, "-L", "-f")]
    [InlineData(null, "--conf", "-f")]
    [InlineData(null, "--conf-s", "host")]
    [InlineData(null, "--conf-server=host")]
    public void Finds_the_slurm_conf_as_getopt_does(string? file, params string[] arguments) =>
        Assert.Equal(file, SlurmdOptions.Parse(arguments).ConfigFile);

    [Theory]
    [InlineData("n2", "-N", "n1", "-DNn2")]
    [InlineData("n1", "-DN", "n1")]
    [InlineData(null, "-f", "-Nn1")]
    [InlineData(null, "-D")]
    [InlineData("n1", "-N", "n1")]
    [InlineData("n1", "-Nn1")]
    [InlineData("n1", "-DNn1")]
    [InlineData("n1", "-DvvsNn1")]
    [InlineData("n2", "-N", "n1", "-N", "n2")]
    [InlineData("n1", "word", "-N", "n1")]
    [InlineData(null, "-D", "--", "-N", "n1")]
    [InlineData(null, "-L", "-N", "-D")]
    [InlineData("n2", "-LNn1", "-N", "n2")]
    [InlineData("n1", "-d", "/x", "-n", "5", "-N", "n1")]
    [InlineData("n1", "-F", "-N", "n1")]
    [InlineData(null, "-FNn1")]
    [InlineData("n1", "-Z", "--conf", "-Nx", "-N", "n1")]
    [InlineData("n1", "--conf=Feature=-N", "-N", "n1")]
    [InlineData("n1", "--conf-server", "host:1", "-Nn1")]
    [InlineData("n1", "--instance-i", "-Nx", "--systemd", "-N", "n1")]
    [InlineData("n1", "--systemd", "-N", "n1")]
    [InlineData(null, "-N")]
    public void Finds_the_node_name(string? name, params string[] arguments) =>
        Assert.Equal(name, SlurmdOptions.Parse(arguments).NodeName);

    [Theory]
    [InlineData(true, "--conf-server", "ctl")]
    [InlineData(true, "--conf-server=ctl:6817")]
    [InlineData(true, "-D", "--conf-s=ctl")]
    [InlineData(true, "--conf-s", "ctl")]
    [InlineData(false, "-Df", "/x")]
    [InlineData(false, "-vf/x")]
    [InlineData(false, "-L", "-f")]
    [InlineData(false, "--conf", "-f")]
    [InlineData(false, "--conf", "NodeName=n1")]
    [InlineData(false, "--extra", "--conf-server=ctl")]
    public void Knows_one_that_takes_its_configuration_from_slurmctld(bool isConfigless, params string[] arguments) =>
        Assert.Equal(isConfigless, SlurmdOptions.Parse(arguments).IsConfigless);
}
