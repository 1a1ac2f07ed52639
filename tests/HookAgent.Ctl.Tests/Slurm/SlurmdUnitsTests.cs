using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Slurm;

public sealed class SlurmdUnitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Environment=SLURM_CONF=/x", "/x", "SLURM_CONF of slurmd.service")]
    [InlineData("Environment=A=1 \"SLURM_CONF=/x\"", "/x", "SLURM_CONF of slurmd.service")]
    [InlineData("EnvironmentFiles=/etc/site (ignore_errors=yes)", "/from-file", "SLURM_CONF of slurmd.service")]
    [InlineData("Environment=SLURM_CONF=/x\nEnvironmentFiles=/etc/site (ignore_errors=no)", "/from-file", "SLURM_CONF of slurmd.service")]
    [InlineData("Environment=\"SLURMD_OPTIONS=-v -f /x\"", "/x", "-f of slurmd.service")]
    [InlineData("ExecStart={ path=/opt/sbin/slurmd ; argv[]=/opt/sbin/slurmd -Df /y ; ignore_errors=no ; pid=0 }", "/y", "-f of slurmd.service")]
    [InlineData("Environment=FOLDER=/srv\nExecStart={ path=/opt/sbin/slurmd ; argv[]=/opt/sbin/slurmd -f ${FOLDER}/conf ; ignore_errors=no }", "/srv/conf", "-f of slurmd.service")]
    public void Reads_what_systemd_would_start(string lines, string path, string foundBy)
    {
        Directory.CreateDirectory(_folder["etc"]);
        File.WriteAllText(_folder["etc/site"], "# SLURM_CONF=/no\n  SLURM_CONF='/from-file'\n");

        IReadOnlyList<SlurmdInvocation> units = SlurmdUnits.Parse(
            new SystemRoot(_folder.Path),
            $"Id=slurmd.service\n{lines}\nExecStart={{ path=/usr/sbin/slurmd ; argv[]=/usr/sbin/slurmd -D $SLURMD_OPTIONS ; ignore_errors=no ; pid=1 }}\n");

        Assert.Contains(new SlurmConfLocation(path, foundBy), units.Select(static unit => unit.Configured));
    }

    [Fact]
    public void Reads_every_unit() =>
        Assert.Equal(
            ["slurmd.service", "slurmd@2.service"],
            SlurmdUnits.Parse(
                new SystemRoot(_folder.Path),
                "Id=slurmd.service\nExecStart={ argv[]=/usr/sbin/slurmd -D ; ignore_errors=no }\n\nId=slurmd@2.service\nExecStart={ argv[]=/usr/sbin/slurmd -N n2 ; ignore_errors=no }\n")
                .Select(static unit => unit.Name));
}
