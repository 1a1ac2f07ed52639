using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Sites;

/// <summary>Slurm's programs and configuration are not where Debian has them.</summary>
public sealed class SlurmElsewhereTests(ITestOutputHelper output) : SiteTest(output)
{
    /// <summary>slurmd asks slurmctld for its configuration; the only slurm.conf is the controller's, in a folder that nobody else knows.</summary>
    private const string Configless = """
        systemctl stop slurmd slurmctld
        mkdir /srv/controller
        mv /etc/slurm/*.conf /srv/controller/
        echo SlurmctldParameters=enable_configless >>/srv/controller/slurm.conf
        mkdir -p /etc/systemd/system/slurmctld.service.d /etc/systemd/system/slurmd.service.d
        printf '[Unit]\nConditionPathExists=\n' >/etc/systemd/system/slurmctld.service.d/site.conf
        printf '[Unit]\nConditionPathExists=\n' >/etc/systemd/system/slurmd.service.d/site.conf
        echo 'SLURMCTLD_OPTIONS="-f /srv/controller/slurm.conf"' >/etc/default/slurmctld
        echo 'SLURMD_OPTIONS="--conf-server com0:6817"' >/etc/default/slurmd
        systemctl daemon-reload
        systemctl start slurmctld slurmd
        """;

    /// <summary>As built by the site with --prefix: what users call and what runs, and slurm.conf.</summary>
    private const string Prefix = """
        systemctl stop slurmd
        mkdir -p PREFIX/sbin PREFIX/bin PREFIX/etc
        mv /usr/sbin/slurmd PREFIX/sbin/
        for program in srun sbatch squeue scontrol sinfo scancel; do mv /usr/bin/$program PREFIX/bin/; done
        cp /etc/slurm/*.conf PREFIX/etc/
        mkdir -p /etc/systemd/system/slurmd.service.d
        printf '[Unit]\nConditionPathExists=\n[Service]\nExecStart=\nExecStart=PREFIX/sbin/slurmd -D -s -f PREFIX/etc/slurm.conf\n' >/etc/systemd/system/slurmd.service.d/site.conf
        systemctl daemon-reload
        systemctl start slurmd
        """;

    [Fact]
    public void Configless_slurmd() => Site("configless slurmd", (_, bench) =>
    {
        bench.Node.Shell(Configless);
        Idle(bench);
        string seen = TakesAndGivesBack(bench);
        IsWell(bench);
        return seen;
    });

    [Theory]
    [InlineData("/opt/slurm")]
    [InlineData("/usr/local")]
    public void Slurm_below(string prefix) => Site($"slurmd below {prefix}", (_, bench) =>
    {
        bench.Node.Shell(Prefix.Replace("PREFIX", prefix, StringComparison.Ordinal));

        // Users have them in their PATH; root's services, and hookctl, do not.
        bench.Node.Shell($"mkdir -p /etc/profile.d; for program in {prefix}/bin/*; do test -e /usr/local/bin/${{program##*/}} || ln -s $program /usr/local/bin/; done");
        Idle(bench);
        string seen = TakesAndGivesBack(bench);
        IsWell(bench);
        return seen;
    });
}
