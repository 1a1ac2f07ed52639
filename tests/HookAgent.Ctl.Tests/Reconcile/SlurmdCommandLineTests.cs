using HookAgent.Ctl.Reconcile;

namespace HookAgent.Ctl.Tests.Reconcile;

public sealed class SlurmdCommandLineTests
{
    [Theory]
    [InlineData("-D", null)]
    [InlineData("-N virt2", "virt2")]
    [InlineData("-Nvirt2", "virt2")]
    [InlineData("-DN virt2", "virt2")]
    [InlineData("-DNvirt2", "virt2")]
    [InlineData("-DvvsNvirt2", "virt2")]
    [InlineData("-N virt1 -N virt2", "virt2")]
    [InlineData("word -N virt2", "virt2")]
    [InlineData("-D -- -N virt2", null)]
    [InlineData("-L -N -D", null)]
    [InlineData("-LNvirt1 -N virt2", "virt2")]
    [InlineData("-d /x -n 5 -N virt2", "virt2")]
    [InlineData("-F -N virt2", "virt2")]
    [InlineData("-FNvirt1", null)]
    [InlineData("-Z --conf -Nx -N virt2", "virt2")]
    [InlineData("--conf=Feature=-N -N virt2", "virt2")]
    [InlineData("--conf-server host:1 -Nvirt2", "virt2")]
    [InlineData("--instance-i -Nx --systemd -N virt2", "virt2")]
    [InlineData("--systemd -N virt2", "virt2")]
    [InlineData("-N", null)]
    public void Finds_the_name_as_getopt_does(string arguments, string? name) =>
        Assert.Equal(name, SlurmdCommandLine.Parse(["slurmd", .. arguments.Split(' ')]).NodeName);

    [Theory]
    [InlineData("-Df /a.conf", "/a.conf", false)]
    [InlineData("-vf/a.conf", "/a.conf", false)]
    [InlineData("-L -f", null, false)]
    [InlineData("--conf-s host", null, true)]
    [InlineData("--conf-server=host", null, true)]
    [InlineData("--conf -f", null, false)]
    public void Finds_the_configuration(string arguments, string? file, bool isConfigless)
    {
        SlurmdCommandLine line = SlurmdCommandLine.Parse(["slurmd", .. arguments.Split(' ')]);
        Assert.Equal((file, isConfigless), (line.ConfigFile, line.IsConfigless));
    }
}
