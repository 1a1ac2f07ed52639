using HookAgent.Bus;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>doctor --removal: what keeps the package. 0: nothing; 1: something runs the hook; 2: nobody can tell.</summary>
public sealed class RemovalTests : IDisposable
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";
    private const string NoHook = "ClusterName=lab\n";
    private const string HookLine = $"ClusterName=lab\nProlog={Hook}\n";
    private const string NothingSet = "Prolog = (null)\nEpilog = (null)\n";

    private readonly HealthySite _site = new();

    public RemovalTests() => _site.Write("/etc/slurm/slurm.conf", NoHook);

    public void Dispose() => _site.Dispose();

    [Fact]
    public void Nothing_keeps_it_where_nothing_names_the_hook()
    {
        Hookctl run = Removal(NothingSet);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("fault", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"Prolog = {Hook}")]
    [InlineData($"Epilog = {Hook}")]
    [InlineData($"Prolog[0] = /bin/true\nProlog[1] = {Hook}")]
    public void Slurmctld_alone_keeps_it(string config)
    {
        Hookctl run = Removal(config + "\n");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches($"(?m)^  fault +slurmctld +slurmctld says \\(scontrol show config\\): (Prolog|Epilog)={Hook}\n +-> .*scontrol reconfigure$", run.Output);
    }

    [Theory]
    [InlineData($"Prolog={Hook}\n", 1)]
    [InlineData($"prolog = \"{Hook}\" # ours\n", 1)]
    [InlineData($"Prolog={Hook}# ours\n", 1)]
    [InlineData($"# one\nEpilog=\\\n{Hook}\n", 2)]
    [InlineData($"Prolog={Hook}\nProlog=/bin/true\n", 1)]
    [InlineData($"AuthType=auth/munge Prolog={Hook}\n", 1)]
    [InlineData("Epilog=/usr/libexec/../libexec/hookagent/./slurm-hook\n", 1)]
    public void The_file_alone_keeps_it(string conf, int line)
    {
        _site.Write("/etc/slurm/slurm.conf", conf);

        Hookctl run = Removal(NothingSet);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches($"(?m)^  fault +slurm.conf +/etc/slurm/slurm.conf:{line}: (Prolog|Epilog)=", run.Output);
    }

    [Theory]
    [InlineData($"#Prolog={Hook}\n")]
    [InlineData($"PrologSlurmctld={Hook}\n")]
    [InlineData("Prolog=/etc/slurm/site.sh\n")]
    public void What_does_not_run_it_does_not_keep_it(string conf)
    {
        _site.Write("/etc/slurm/slurm.conf", conf);
        _site.Program("/etc/slurm/site.sh", $"#!/bin/sh\n# {Hook}\nexit 0\n");

        Assert.Equal(0, Removal(NothingSet).ExitCode);
    }

    [Theory]
    [InlineData($"#!/bin/sh\n{Hook} || true\n")]
    [InlineData("#!/bin/sh\nfolder=/usr/libexec/hookagent\n\"$folder/slurm-hook\" prolog\n")]
    [InlineData("#!/bin/sh\nfor i in /etc/slurm/all/*; do $i; done\n")]
    [InlineData("#!/bin/sh\nrun-parts /etc/slurm/all.d\n")]
    [InlineData("#!/bin/sh\nexec /etc/slurm/inner.sh\n")]
    public void A_script_that_leads_to_the_hook_keeps_it(string script)
    {
        _site.Write("/etc/slurm/slurm.conf", "Prolog=site.sh\n");
        _site.Program("/etc/slurm/site.sh", script);
        _site.Program("/etc/slurm/inner.sh", $"#!/bin/sh\n{Hook}\n");
        _site.Link("/etc/slurm/all/10", Hook);
        _site.Link("/etc/slurm/all.d/10", "../../../usr/libexec/hookagent/slurm-hook");

        Hookctl run = Removal(NothingSet);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("/etc/slurm/slurm.conf:1: Prolog=site.sh runs /etc/slurm/site.sh\n +-> remove the hook from /etc/slurm/site.sh", run.Output);
    }

    /// <summary>A script can run what it names in more ways than can be followed.</summary>
    [Theory]
    [InlineData($"#!/bin/sh\nSCRIPTS=\"/bin/true {Hook}\"\nfor s in $SCRIPTS; do \"$s\" || exit 1; done\n")]
    [InlineData($"#!/bin/sh\nfinish() {{\n  {Hook}\n}}\ntrap finish EXIT HUP INT TERM\n")]
    [InlineData($"#!/bin/sh\nset -- {Hook}\n\"$@\"\n")]
    [InlineData($"#!/bin/sh\nflock /run/lock/site -c {Hook}\n")]
    [InlineData($"#!/bin/sh\n/opt/site/wrapper {Hook}\n")]
    [InlineData($"#!/bin/sh\nbash <<EOF\n{Hook}\nEOF\n")]
    [InlineData("#!/bin/bash\nfolder=/usr/libexec/hookagent\nmapfile -t all < <(find $folder -name slurm-hook)\n\"${all[@]}\"\n")]
    [InlineData("#!/bin/bash\nwhile read -r f; do \"$f\"; done < <(find /etc/slurm/all.d -type l)\n")]
    [InlineData("#!/usr/bin/python3\nimport glob\nfor f in glob.glob('/etc/slurm/all.d/*'): run(f)\n")]
    [InlineData("#!/bin/sh\n/etc/slurm/inner.sh\n")]
    [InlineData($"\u007fELF\0\0{Hook}\0")]
    public void A_program_that_names_the_hook_keeps_it_whether_it_can_be_followed_or_not(string script)
    {
        _site.Write("/etc/slurm/slurm.conf", "Prolog=site.sh\n");
        _site.Program("/usr/bin/python3", "");
        _site.Program("/bin/bash", "");
        _site.Program("/etc/slurm/site.sh", script);
        _site.Program("/etc/slurm/inner.sh", $"#!/bin/sh\nchronic {Hook}\n");
        _site.Link("/etc/slurm/all.d/10", Hook);

        Hookctl run = Removal(NothingSet);

        Assert.InRange(run.ExitCode, 1, 2);
        Assert.Contains("/etc/slurm/slurm.conf:1: Prolog=site.sh runs /etc/slurm/site.sh", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("runs no hook", run.Output, StringComparison.Ordinal);
    }

    /// <summary>What hookagentd has seen to run the hook does so until it is changed, or a link beside it goes.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    public void A_program_that_was_seen_to_run_the_hook_keeps_it(int minutes, int faults)
    {
        _site.Write("/etc/slurm/slurm.conf", "Epilog=/etc/slurm/epilog.d/*\n");
        _site.Program("/etc/slurm/epilog.d/dispatcher", "\u007fELF\0\0");
        NodeStatus status = _site.Facts(version: null).Status! with { LastEpilog = (ulong)(DateTimeOffset.UtcNow.AddMinutes(minutes) - DateTimeOffset.UnixEpoch).TotalMicroseconds, LastEpilogJob = "17" };

        Finding[] findings = [.. RemovalChecks.Of(new RemovalFacts(new SystemRoot(_site.Root), IsRoot: true, _site.Witnesses()) { Status = status })];

        Finding[] found = [.. findings.Where(static finding => finding.Verdict == Verdict.Fault)];
        Assert.Equal(faults, found.Length);
        Assert.All(found, static finding => Assert.Contains("ran the hook for job 17", finding.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_folder_the_link_goes_and_not_the_line()
    {
        _site.Write("/etc/slurm/slurm.conf", "Prolog=/etc/slurm/prolog.d/*\n");
        _site.Link("/etc/slurm/prolog.d/zz-hookagent", Hook);
        _site.Program("/etc/slurm/prolog.d/10-site", "#!/bin/sh\n");

        Assert.Matches("(?m)^  fault +slurm.conf .* runs /etc/slurm/prolog.d/zz-hookagent\n +-> rm /etc/slurm/prolog.d/zz-hookagent$", Removal(NothingSet).Output);
    }

    [Fact]
    public void A_folder_that_is_a_link_to_the_hooks_own_keeps_it()
    {
        _site.Link("/etc/slurm/bin", "/usr/libexec/hookagent");
        _site.Write("/etc/slurm/slurm.conf", "Epilog=/etc/slurm/bin/slurm-hook\n");

        Assert.Equal(1, Removal(NothingSet).ExitCode);
    }

    [Theory]
    [InlineData("-f", "/srv/site.conf")]
    [InlineData("-f/srv/site.conf")]
    [InlineData("-Dvf/srv/site.conf")]
    [InlineData("-f", "site.conf")]
    public void What_the_running_slurmd_was_told_keeps_it(params string[] option)
    {
        _site.Write("/srv/site.conf", HookLine);
        _site.Slurmd(["slurmd", .. option]);
        _site.Link("/proc/100/cwd", "/srv");

        Hookctl run = Removal(NothingSet);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"/srv/site.conf:2: Prolog={Hook}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void So_does_the_environment_of_any_running_slurmd()
    {
        _site.Write("/srv/site.conf", HookLine);
        _site.Write("/proc/101/comm", "slurmd\n");
        _site.Write("/proc/101/cmdline", "slurmd\0");
        _site.Write("/proc/101/status", "Name:\tslurmd\nUid:\t0\t0\t0\t0\n");
        _site.Write("/proc/101/environ", "SLURM_CONF=/srv/site.conf\0");

        Assert.Contains("/srv/site.conf:2: ", Removal(NothingSet).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/local/etc/slurm.conf")]
    [InlineData("/opt/slurm/etc/slurm.conf")]
    [InlineData("/run/slurm/conf/slurm.conf")]
    [InlineData("/var/spool/slurmd/conf-cache/slurm.conf")]
    [InlineData("/srv/spool/conf-cache/slurm.conf")]
    [InlineData("/srv/built-in/slurm.conf")]
    [InlineData("/home/slurm/etc/slurm.conf")]
    public void So_does_a_slurm_conf_in_another_place_that_slurmd_looks_at(string path)
    {
        _site.Write(path, HookLine);
        _site.Link("/proc/100/exe", "/home/slurm/sbin/slurmd");
        File.Delete(_site.Real("/etc/slurm/slurm.conf"));

        Hookctl run = Removal($"{NothingSet}SLURM_CONF = /srv/built-in/slurm.conf\nSlurmdSpoolDir = /srv/spool\n");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{path}:2: ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-D", "--conf-server=ctl")]
    [InlineData("-D", "--conf-server", "ctl", "-f", "/etc/slurm/slurm.conf")]
    public void A_configless_slurmd_is_believed_what_slurmctld_sent(params string[] options)
    {
        _site.Slurmd(["slurmd", .. options]);
        _site.Write("/srv/spool/conf-cache/slurm.conf", NoHook);
        _site.Started(TimeSpan.FromDays(1));

        Assert.Equal(0, Removal($"{NothingSet}SlurmdSpoolDir = /srv/spool\n").ExitCode);
    }

    [Theory]
    [InlineData("-D", 0)]
    [InlineData("-D --conf-server=ctl", 1)]
    public void What_slurmctld_once_sent_counts_for_a_configless_slurmd_alone(string options, int exitCode)
    {
        Directory.Delete(_site.Real("/proc/100"), recursive: true);
        _site.Write("/srv/spool/conf-cache/slurm.conf", HookLine);

        Assert.Equal(exitCode, Removal(
            $"{NothingSet}SlurmdSpoolDir = /srv/spool\n",
            $"Id=slurmd.service\nExecStart={{ argv[]=/usr/sbin/slurmd {options} ; ignore_errors=no }}").ExitCode);
    }

    [Theory]
    [InlineData("Environment=SLURM_CONF=/srv/site.conf")]
    [InlineData("EnvironmentFiles=/etc/site (ignore_errors=yes)")]
    public void What_systemd_would_start_keeps_it_though_no_slurmd_runs(string line)
    {
        Directory.Delete(_site.Real("/proc/100"), recursive: true);
        _site.Write("/srv/site.conf", HookLine);
        _site.Write("/etc/site", "SLURM_CONF=/srv/site.conf\n");

        Assert.Contains(
            "/srv/site.conf:2: ",
            Removal(NothingSet, $"Id=slurmd.service\n{line}\nExecStart={{ argv[]=/usr/sbin/slurmd -D ; ignore_errors=no }}").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_slurmd_that_is_older_than_its_file_may_still_run_the_hook()
    {
        _site.Started(TimeSpan.FromHours(1));

        Hookctl run = Removal(NothingSet);

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("(?m)^  warning +slurmd-read +slurmd \\(process 100\\) may still go by an earlier /etc/slurm/slurm.conf: .*\n +-> scontrol reconfigure", run.Output);
    }

    [Fact]
    public void Not_when_slurmctld_was_told_to_reconfigure_since()
    {
        _site.Started(TimeSpan.FromHours(1));

        Assert.Equal(0, Removal($"{Now}HASH_VAL = Match\nBOOT_TIME = {Local(TimeSpan.FromHours(2))}\n{NothingSet}").ExitCode);
    }

    [Fact]
    public void But_when_slurmctld_only_started_anew()
    {
        _site.Started(TimeSpan.FromHours(1));

        Assert.Equal(2, Removal($"{Now}HASH_VAL = Match\nBOOT_TIME = {Local(TimeSpan.Zero)}\n{NothingSet}").ExitCode);
    }

    [Fact]
    public void Or_has_not_read_it_since()
    {
        _site.Started(TimeSpan.FromHours(1));

        Assert.Equal(2, Removal($"{Now}HASH_VAL = Different Ours=0x1 Slurmctld=0x2\nBOOT_TIME = {Local(TimeSpan.FromHours(2))}\n{NothingSet}").ExitCode);
    }

    [Fact]
    public void Nor_when_it_has_begun_anew_as_the_same_process()
    {
        _site.Started(TimeSpan.FromHours(1));
        _site.Write("/var/run/slurmd.pid", "100\n");

        Assert.Equal(0, Removal(NothingSet).ExitCode);
    }

    [Fact]
    public void A_slurmctld_that_does_not_answer_leaves_the_file_to_say_it()
    {
        Hookctl run = Removal(null);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("(?m)^  unseen +slurmctld +.* failed with exit code 1", run.Output);
    }

    [Fact]
    public void A_slurmd_whose_file_is_not_found_may_run_the_hook()
    {
        File.Delete(_site.Real("/etc/slurm/slurm.conf"));

        Assert.Equal(2, Removal(NothingSet).ExitCode);
    }

    [Fact]
    public void So_may_one_whose_file_includes_what_is_not_there()
    {
        _site.Write("/etc/slurm/slurm.conf", "Include hooks.conf\n");

        Assert.Equal(2, Removal(NothingSet).ExitCode);
    }

    [Fact]
    public void A_node_without_Slurm_keeps_nothing()
    {
        Directory.Delete(_site.Real("/proc/100"), recursive: true);
        Directory.Delete(_site.Real("/etc/slurm"), recursive: true);

        Assert.Equal(0, Removal(null).ExitCode);
    }

    private static string Now => $"Configuration data as of {Local(TimeSpan.Zero)}\n";

    private static string Local(TimeSpan ago) =>
        (DateTime.Now - ago).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="config">What scontrol prints; null where it fails.</param>
    /// <param name="units">What systemctl prints.</param>
    private Hookctl Removal(string? config, string units = "")
    {
        using FakeProgram scontrol = new("scontrol", config is null ? "exit 1" : $"cat <<'END'\n{config}END\n");
        using FakeProgram systemctl = new("systemctl", $"cat <<'END'\n{units}\nEND\n");
        Hookctl run = Hookctl.Run("doctor", "--removal", "--root", _site.Root, "--scontrol", scontrol.FilePath, "--systemctl", systemctl.FilePath);
        Assert.Equal("", run.Errors);
        return run;
    }
}
