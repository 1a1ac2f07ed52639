using System.Text.RegularExpressions;
using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Node;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>A node on which one thing is wrong: the checks name it, and nothing else.</summary>
public sealed class CheckupTests : IDisposable
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";

    private readonly HealthySite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public void A_healthy_node_is_all_right()
    {
        IReadOnlyList<CheckGroup> groups = Checkup.Of(_site.Facts());

        Assert.All(groups.SelectMany(group => group.Findings), finding => Assert.True(finding.Verdict == Verdict.Ok, finding.ToString()));
        Assert.Equal(ExitCode.Done, Checkup.ExitCodeOf(groups));
    }

    [Fact]
    public void Of_several_required_units_the_one_that_is_down_is_named()
    {
        IReadOnlyList<Finding> found = [.. Checkup.Of(_site.Facts() with { Required = [Unit("slurmd@a.service", "active"), Unit("slurmd@b.service", "failed"), new RequiredUnit("other@*.service", null, Matches: false)] })
            .SelectMany(group => group.Findings).Where(finding => finding.Check == "require-unit")];

        Assert.Equal([Verdict.Ok, Verdict.Warning, Verdict.Warning], found.Select(finding => finding.Verdict));
        Assert.Contains("slurmd@b.service (RequireUnit=) is failed", found[1].ToString(), StringComparison.Ordinal);
        Assert.Contains("no unit other@*.service (RequireUnit=)", found[2].ToString(), StringComparison.Ordinal);

        static RequiredUnit Unit(string name, string state) => new(name, new UnitSettings { LoadState = "loaded", ActiveState = state });
    }

    /// <summary>A reload takes the others over, so that hookagentd may go by an older guard than the file has.</summary>
    [Theory]
    [InlineData("wasimoff-provider.service", "nhc.service", "still requires nhc.service: RequireUnit= is read at its start alone")]
    [InlineData("wasimoff-provider.service", "", "still requires nothing: RequireUnit=")]
    [InlineData("boinc-client.service", "slurmd.service", "still lends the node to boinc-client.service: Unit= is read at its start alone")]
    public void A_setting_that_is_read_at_the_start_alone_and_has_changed_since(string unit, string required, string text)
    {
        NodeFacts facts = _site.Facts();
        Finding finding = Assert.Single(Checkup.Of(facts with { Status = facts.Status! with { Unit = unit, RequireUnit = required } })
            .SelectMany(group => group.Findings), finding => finding.Check == "settings");

        Assert.Equal((Verdict.Warning, "systemctl restart hookagentd"), (finding.Verdict, finding.Fix));
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Prolog_that_is_missing() => Fault("prolog", "has no Prolog=", $"Prolog={Hook}", () => _site.Slurm($"Prolog={Hook}\n", ""));

    [Fact]
    public void An_Epilog_of_another_program()
    {
        _site.Program("/opt/site/epilog", "#!/bin/sh\n");
        Fault("epilog", "does not run the hook", $"trap {Hook} EXIT", () => _site.Slurm($"Epilog={Hook}", "Epilog=/opt/site/epilog"));
    }

    /// <summary>It would end the job's record before the job begins.</summary>
    [Fact]
    public void A_Prolog_that_runs_the_hook_as_an_Epilog()
    {
        _site.Program("/opt/site/prolog", $"#!/bin/sh\n{Hook} epilog\n");
        Fault("prolog", "does not run the hook", "", () => _site.Slurm($"Prolog={Hook}", "Prolog=/opt/site/prolog"));
    }

    /// <summary>What hookagentd has seen to run, runs, whatever leads there; unless it was changed since.</summary>
    [Theory]
    [InlineData(1, nameof(Verdict.Ok))]
    [InlineData(-1, nameof(Verdict.Fault))]
    public void A_hook_that_was_seen_to_run_by_a_program_that_cannot_be_followed(int minutes, string verdict)
    {
        _site.Program("/opt/dispatcher", "\u007fELF\0\0");
        _site.Slurm($"Prolog={Hook}", "Prolog=/opt/dispatcher");
        ulong at = (ulong)(DateTimeOffset.UtcNow.AddMinutes(minutes) - DateTimeOffset.UnixEpoch).TotalMicroseconds;

        Finding found = Find("prolog", facts => facts with { Status = facts.Status! with { LastProlog = at, LastPrologJob = "17" } });

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Equal(Verdict.Fault, Find("prolog").Verdict);
        Assert.Equal(verdict, Find("prolog", facts => facts with { Status = facts.Status! with { Handovers = [new NodeHandover(at, "17", 1, 0)] } }).Verdict.ToString());
    }

    /// <summary>By a link that is gone nothing runs any more.</summary>
    [Fact]
    public void A_hook_that_was_seen_to_run_by_a_link_that_has_gone()
    {
        _site.Program("/etc/slurm/prolog.d/10-site", "#!/bin/sh\n");
        _site.Link("/etc/slurm/prolog.d/zz-hookagent", Hook);
        _site.Slurm($"Prolog={Hook}", "Prolog=/etc/slurm/prolog.d/*");
        NodeFacts seen = _site.Facts();
        seen = seen with { Status = seen.Status! with { LastProlog = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMicroseconds, LastPrologJob = "17" } };
        Assert.Equal(Verdict.Ok, HookLineChecks.Of(seen, seen.Conf!, "Prolog").Verdict);

        // Until the clock of the files, which has ticks of some milliseconds, is past the call.
        do
        {
            _site.Write("/opt/tick", "");
        }
        while (new SystemRoot(_site.Root).Changed("/opt/tick") <= HookEvidence.Last(seen.Status, "Prolog")!.At);

        File.Delete(_site.Real("/etc/slurm/prolog.d/zz-hookagent"));

        Assert.Equal(Verdict.Fault, HookLineChecks.Of(seen, seen.Conf!, "Prolog").Verdict);
    }

    /// <summary>proc(5): by numbers up to Linux 5.7, by words since. What the agent sees counts, not what hookctl does.</summary>
    [Theory]
    [InlineData("rw", "", "0000000000800000", nameof(Verdict.Ok), "")]
    [InlineData("rw,hidepid=0", "", "0000000000800000", nameof(Verdict.Ok), "")]
    [InlineData("rw,gid=993,hidepid=2", "", "0000000000800000", nameof(Verdict.Warning), "SupplementaryGroups=993")]
    [InlineData("rw,gid=994,hidepid=2", "", "0000000000800000", nameof(Verdict.Warning), "CapabilityBoundingSet=CAP_SYS_PTRACE")]
    [InlineData("rw,gid=993,hidepid=invisible", "99 994", "0000000000800000", nameof(Verdict.Warning), "SupplementaryGroups=993")]
    [InlineData("rw,gid=993,hidepid=noaccess", "994 993", "0000000000800000", nameof(Verdict.Ok), "")]
    [InlineData("rw,hidepid=2", "", "0000000000800000", nameof(Verdict.Ok), "")]
    [InlineData("rw,gid=993,hidepid=2", "", "000001ffffffffff", nameof(Verdict.Ok), "")]
    [InlineData("rw,gid=993,hidepid=ptraceable", "993", "0000000000800000", nameof(Verdict.Warning), "CapabilityBoundingSet=CAP_SYS_PTRACE")]
    [InlineData(null, "", "0000000000800000", nameof(Verdict.Unseen), "")]
    public void Processes_that_are_hidden_from_hookagentd(string? options, string groups, string capabilities, string verdict, string fix)
    {
        _site.Write("/etc/group", "root:x:0:\nproc:x:993:alice\n");
        _site.Write("/proc/self/mountinfo", "25 21 0:22 / /proc rw,nosuid shared:5 - proc proc rw,gid=993,hidepid=2\n");
        _site.Hookagentd(options, groups, capabilities);

        Finding found = Find("processes");

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.EndsWith(fix, found.Fix ?? "", StringComparison.Ordinal);
    }

    /// <summary>proc(5): with hidepid= only root sees the processes of others, and what is hidden may run.</summary>
    [Theory]
    [InlineData("rw,gid=993,hidepid=2", nameof(Verdict.Unseen))]
    [InlineData("rw", nameof(Verdict.Warning))]
    public void A_slurmd_that_is_hidden_from_a_user(string options, string verdict)
    {
        Directory.Delete(_site.Real("/proc/100"), recursive: true);
        _site.Write("/proc/self/mountinfo", $"25 21 0:22 / /proc rw,nosuid shared:5 - proc proc {options}\n");

        Assert.Equal(verdict, Checkup.Of(_site.Facts() with { IsRoot = false }).SelectMany(static group => group.Findings).First(static finding => finding.Check == "slurmd").Verdict.ToString());
    }

    /// <summary>Before a release a doubt counts as a fault; later the hooks that are seen outweigh it.</summary>
    [Theory]
    [InlineData("held", 0, nameof(Verdict.Fault))]
    [InlineData("held", -3600, nameof(Verdict.Fault))]
    [InlineData("held", 3600, nameof(Verdict.Warning))]
    [InlineData("lending", 0, nameof(Verdict.Warning))]
    public void A_slurm_conf_that_slurmd_may_not_have_read(string state, int lastHook, string verdict)
    {
        _site.Started(TimeSpan.FromDays(1));
        ulong at = lastHook == 0 ? 0 : (ulong)(DateTimeOffset.UtcNow.AddSeconds(lastHook) - DateTimeOffset.UnixEpoch).TotalMicroseconds;

        Finding found = Find("slurmd-read", facts => facts with { Status = facts.Status! with { State = state, LastProlog = at, LastPrologJob = "17" } });

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains("scontrol reconfigure", found.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Prolog_that_names_nothing() => Fault("prolog", "is not there", Hook, () => _site.Slurm($"Prolog={Hook}", "Prolog=/opt/none"));

    [Fact]
    public void A_Prolog_that_is_not_executable()
    {
        _site.Write("/opt/prolog", $"#!/bin/sh\n{Hook}\n");
        Fault("prolog", "not executable", "chmod +x /opt/prolog", () => _site.Slurm($"Prolog={Hook}", "Prolog=/opt/prolog"));
    }

    [Fact]
    public void A_pattern_that_fits_nothing()
    {
        Directory.CreateDirectory(_site.Real("/etc/slurm/prolog.d"));
        Fault("prolog", "is not there", Hook, () => _site.Slurm($"Prolog={Hook}", "Prolog=/etc/slurm/prolog.d/*"));
    }

    [Fact]
    public void A_hook_that_is_not_executable() => Fault(
        ["prolog", "epilog", "hook"], "is not executable", $"chmod 0755 {Hook}", () => File.SetUnixFileMode(_site.Real(Hook), UnixFileMode.UserRead));

    [Theory]
    [InlineData("PrologFlags=Serial", "lacks Alloc")]
    [InlineData("PrologFlags=Serial,DeferBatch", "lacks Alloc")]
    [InlineData("", "there is no PrologFlags=")]
    public void PrologFlags_without_Alloc(string line, string text) => Fault("prolog-flags", text, "PrologFlags=Alloc", () => _site.Slurm("PrologFlags=Alloc", line));

    [Theory]
    [InlineData("PrologFlags=alloc")]
    [InlineData("prologflags = Contain")]
    [InlineData("PrologFlags=X11,Serial")]
    [InlineData("PrologFlags=\"Serial,Alloc\"")]
    public void PrologFlags_with_what_implies_Alloc(string line)
    {
        _site.Slurm("PrologFlags=Alloc", line);

        Assert.Equal(Verdict.Ok, Find("prolog-flags").Verdict);
    }

    [Fact]
    public void RunInJob_is_Alloc_enough_and_a_risk()
    {
        _site.Slurm("PrologFlags=Alloc", "PrologFlags=RunInJob");

        Assert.Equal(Verdict.Ok, Find("prolog-flags").Verdict);
        Assert.Equal(Verdict.Warning, Find("run-in-job").Verdict);
    }

    [Theory]
    [InlineData("SchedulerParameters=permit_job_expansion", Verdict.Warning)]
    [InlineData("schedulerparameters = \"defer, Permit_Job_Expansion ,bf_continue\"", Verdict.Warning)]
    [InlineData("SchedulerParameters=permit_job_expansion\nSchedulerParameters=defer", Verdict.Ok)]
    [InlineData("SchedulerParameters=no_permit_job_expansion", Verdict.Ok)]
    [InlineData("", Verdict.Ok)]
    public void A_Slurm_that_lets_jobs_grow(string line, object verdict)
    {
        _site.Slurm(line);

        Assert.Equal(verdict, Find("job-expansion").Verdict);
    }

    [Theory]
    [InlineData("PrologEpilogTimeout=1")]
    [InlineData("PrologEpilogTimeout=60\nPrologTimeout=1")]
    [InlineData("EpilogTimeout=1")]
    public void A_Slurm_that_kills_the_hook(string line) => Fault("prolog-epilog-timeout", "slurmd kills a hook", "=2", () => _site.Slurm(line));

    [Theory]
    [InlineData("PrologEpilogTimeout=2")]
    [InlineData("PrologEpilogTimeout=65533")]
    [InlineData("PrologEpilogTimeout=1\nPrologTimeout=60\nEpilogTimeout=60")]
    public void A_Slurm_with_patience(string line)
    {
        _site.Slurm(line);

        Assert.Equal(Verdict.Ok, Find("prolog-epilog-timeout").Verdict);
    }

    [Theory]
    [InlineData("15s", "prolog-time", nameof(Verdict.Ok))]
    [InlineData("13s", "prolog-time", nameof(Verdict.Ok))]
    [InlineData("12s", "prolog-time", nameof(Verdict.Warning))]
    [InlineData("0", "prolog-time", nameof(Verdict.Ok))]
    [InlineData("15s", "batch-start-timeout", nameof(Verdict.Warning))]
    [InlineData("7s", "prolog-time", nameof(Verdict.Warning))]
    [InlineData("6s", "prolog-time", nameof(Verdict.Warning))]
    [InlineData("6s", "batch-start-timeout", nameof(Verdict.Ok))]
    public void A_long_PrologWait(string wait, string check, string verdict)
    {
        _site.Write("/etc/hookagent/hookagent.conf", $"[Hook]\nPrologWait={wait}\n");

        Assert.Equal(verdict, Find(check).Verdict.ToString());
    }

    [Fact]
    public void A_long_PrologWait_with_a_BatchStartTimeout_to_match()
    {
        _site.Write("/etc/hookagent/hookagent.conf", "[Hook]\nPrologWait=15s\n");
        _site.Slurm("BatchStartTimeout=17");

        Assert.Equal(Verdict.Ok, Find("batch-start-timeout").Verdict);
    }

    [Fact]
    public void A_key_that_is_there_twice_is_told_with_what_is_lost()
    {
        _site.Slurm($"Prolog={Hook}", $"Prolog=/opt/site/prolog\nPrOLOG={Hook}");

        Finding found = Find("duplicates");

        Assert.Equal(Verdict.Warning, found.Verdict);
        Assert.Contains("/etc/slurm/slurm.conf:3 counts, and /etc/slurm/slurm.conf:2 (/opt/site/prolog) is ignored", found.Text, StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, Find("prolog").Verdict);
    }

    [Theory]
    [InlineData("Max address space", "1000000", "LimitAS")]
    [InlineData("Max open files", "3", "LimitNOFILE")]
    [InlineData("Max processes", "1", "LimitNPROC")]
    public void A_slurmd_whose_limits_keep_the_hook_from_running(string name, string soft, string fix) =>
        Fault("slurmd-limits", $"'{name}' of {soft}", fix, () => _site.Limit(name, soft));

    [Fact]
    public void A_slurmd_that_does_not_run_is_told()
    {
        Directory.Delete(_site.Real("/proc/100"), recursive: true);

        Assert.Equal(Verdict.Warning, Find("slurmd").Verdict);
        Assert.Equal(Verdict.Ok, Find("prolog").Verdict);
    }

    [Fact]
    public void What_only_root_may_see_is_told_and_is_no_fault()
    {
        File.Delete(_site.Real("/proc/100/environ"));

        Assert.Equal(Verdict.Unseen, Find("slurmd-environment").Verdict);
        Assert.Equal(ExitCode.Done, Checkup.ExitCodeOf(Checkup.Of(_site.Facts())));
    }

    [Fact]
    public void Settings_that_cannot_be_used() =>
        Fault("settings", "hookagent.conf:2: ", "hookagentd --check", () => _site.Write("/etc/hookagent/hookagent.conf", "[Node]\nIdleDelay=soon\n"));

    [Fact]
    public void Settings_that_the_hook_does_not_have_yet()
    {
        _site.Write("/etc/hookagent/hookagent.conf", "[Hook]\nTimeout=2s\n");

        Assert.Equal("systemctl reload hookagentd", Find("settings").Fix);
    }

    [Fact]
    public void A_record_directory_that_is_missing() =>
        Fault("records", "no folder /run/hookagent/jobs", "systemd-tmpfiles --create", () => Directory.Delete(_site.Real("/run/hookagent/jobs")));

    /// <summary>status, the journal and the check of the state say it as well: one fault, one way out of it.</summary>
    [Fact]
    public void What_the_reason_says_of_a_missing_record_directory_is_what_its_check_says()
    {
        Directory.Delete(_site.Real("/run/hookagent/jobs"));

        Assert.Equal(Find("records").Fix!.Split(" && "), Regex.Matches(Reason.DirectoryMissing.Sentence(), "'([^']*)'").Select(static match => match.Groups[1].Value));
    }

    [Fact]
    public void A_bus_policy_that_is_missing() => Fault(
        "bus-policy", "there is no", "apt install", () => File.Delete(_site.Real("/usr/share/dbus-1/system.d/org.hookagent.Node1.conf")));

    [Theory]
    [InlineData("dnf", "dnf reinstall hookagent && systemctl reload dbus")]
    [InlineData("zypper", "zypper install --force hookagent && systemctl reload dbus")]
    public void What_installs_packages_on_this_node_puts_it_right(string tool, string fix) => Fault(
        "bus-policy", "there is no", fix, () =>
        {
            Directory.CreateDirectory(_site.Real("/usr/bin"));
            File.WriteAllText(_site.Real($"/usr/bin/{tool}"), "");
            File.Delete(_site.Real("/usr/share/dbus-1/system.d/org.hookagent.Node1.conf"));
        });

    [Fact]
    public void A_daemon_that_does_not_run() => Fault(
        "round-trip", "hookagentd does not run", "systemctl start hookagentd",
        facts => facts with { Answer = new NodeAnswer(NodeOutcome.NoDaemon, "", ""), Status = null, RoundTripUsec = null });

    /// <summary>One that is started alone is gone after the next boot.</summary>
    [Theory]
    [InlineData("disabled", "hookagentd.service is inactive, and not started at boot: nothing is lent", "systemctl enable --now hookagentd")]
    [InlineData("enabled", "hookagentd.service is inactive: nothing is lent", "systemctl start hookagentd")]
    public void A_daemon_that_is_stopped_is_started_at_boot_as_well(string atBoot, string text, string fix)
    {
        Finding[] found = Checkup.Of(_site.Facts() with
        {
            Agent = new UnitSettings { LoadState = "loaded", ActiveState = "inactive", UnitFileState = atBoot },
            Answer = new NodeAnswer(NodeOutcome.NoDaemon, "", ""),
            Status = null,
            RoundTripUsec = null,
        }).SelectMany(static group => group.Findings).Where(static finding => finding.Verdict == Verdict.Fault).ToArray();

        Assert.Equal([("round-trip", fix), ("agent", $"{fix}; if it does not stay: journalctl -u hookagentd")], found.Select(static finding => (finding.Check, finding.Fix!)));
        Assert.Equal(text, found[1].Text);
    }

    [Fact]
    public void A_slow_daemon_is_a_warning() => Assert.Equal(Verdict.Warning, Find("round-trip", facts => facts with { RoundTripUsec = 150_000 }).Verdict);

    [Theory]
    [InlineData("failed", "exits-at-once", nameof(Verdict.Warning))]
    [InlineData("unknown", "directory-unproven", nameof(Verdict.Warning))]
    [InlineData("held", "operator-hold", nameof(Verdict.Ok))]
    [InlineData("busy", "jobs-recorded", nameof(Verdict.Ok))]
    public void What_the_daemon_makes_of_the_node(string state, string reason, string verdict) =>
        Assert.Equal(verdict, Find("state", facts => facts with { Status = facts.Status! with { State = state, Reason = reason } }).Verdict.ToString());

    [Fact]
    public void Another_version_of_the_daemon_is_told() => Assert.Contains(
        "0.0.9", Find("version", facts => facts with { Status = facts.Status! with { Version = "0.0.9" } }).Text, StringComparison.Ordinal);

    [Fact]
    public void A_unit_that_is_not_there() => Fault(
        "unit", "there is no wasimoff-provider.service", "apt install hookagent-wasimoff", facts => facts with { Provider = new UnitSettings { LoadState = "not-found" } });

    [Fact]
    public void A_unit_that_is_enabled() => Unit("unit-enabled", unit => unit with { UnitFileState = "enabled" }, "systemctl disable wasimoff-provider.service");

    [Theory]
    [InlineData("linked")]
    [InlineData("alias")]
    [InlineData("indirect")]
    public void A_unit_that_nothing_wants(string state) =>
        Assert.Equal(Verdict.Ok, Find("unit-enabled", facts => facts with { Provider = HealthySite.Provider with { UnitFileState = state } }).Verdict);

    [Fact]
    public void A_unit_that_refuses_a_start_by_name() => Unit("unit-manual", unit => unit with { RefusesStart = true }, "RefuseManualStart=no");

    [Fact]
    public void A_unit_that_refuses_a_stop_by_name() => Unit("unit-manual", unit => unit with { RefusesStop = true }, "RefuseManualStop=no");

    [Fact]
    public void A_unit_that_requires_what_is_not_there() => Fault(
        "unit-requires", "it requires nfs.mount, which is not-found", "Requires=", facts => facts with { Unstartable = [new UnstartableUnit("nfs.mount", "not-found")] });

    [Fact]
    public void A_unit_without_its_conditions() => Unit(
        "unit-conditions", unit => unit with { Conditions = [new("ConditionDirectoryNotEmpty", Negated: false, "/run/hookagent/jobs")] },
        "[Unit]\nConditionPathExists=/run/hookagent/permit/wasimoff-provider.service\nConditionPathIsDirectory=/run/hookagent/jobs\nConditionDirectoryNotEmpty=!/run/hookagent/jobs");

    [Fact]
    public void A_unit_that_anybody_may_start() => Unit(
        "unit-conditions", unit => unit with { Conditions = [.. unit.Conditions.Skip(1)] },
        "ConditionPathExists=/run/hookagent/permit/wasimoff-provider.service");

    [Fact]
    public void A_unit_with_commands_that_hold_its_stop_up() => Assert.Equal(
        Verdict.Fault, Find("unit-stop-commands", facts => facts with { Provider = HealthySite.Provider with { HasStopCommands = true } }).Verdict);

    /// <summary>They are pasted into an editor: a section and its settings on one line are no unit file.</summary>
    [Fact]
    public void What_a_unit_lacks_is_told_as_lines_of_a_unit_file()
    {
        _site.Limit("Max open files", "3");
        Finding[] found = [.. Checkup.Of(_site.Facts() with
        {
            Provider = HealthySite.Provider with
            {
                Conditions = [],
                BindsTo = [],
                Restart = "always",
                IgnoresIsolate = false,
                RefusesStart = true,
                StartLimitIntervalUsec = 1,
                TimeoutStopUsec = 1,
                HasStopCommands = true,
                KillMode = "none",
                OomScoreAdjust = 0,
                CpuWeight = 100,
                MemoryMax = UnitSettings.NoLimit,
            },
        }).SelectMany(static group => group.Findings).Where(static finding => finding.Fix?.Contains("systemctl edit", StringComparison.Ordinal) == true)];

        Assert.Equal(
            ["slurmd-limits", "unit-conditions", "unit-binding", "unit-restart", "unit-isolate", "unit-manual", "unit-start-limit", "unit-stop-timeout", "unit-stop-commands", "unit-kill-mode", "unit-oom", "unit-cpu-weight", "unit-memory"],
            found.Select(static finding => finding.Check));
        Assert.All(found, static finding => Assert.Matches(
            @"\Asystemctl edit [a-z.-]+, with these lines[^\n]*:\n\[(Unit|Service)\](\n[A-Za-z]+=[^\n ]*)+\z", finding.Fix));
    }

    [Fact]
    public void A_unit_that_leaves_its_children_behind() => Assert.Equal(
        Verdict.Warning, Find("unit-kill-mode", facts => facts with { Provider = HealthySite.Provider with { KillMode = "process" } }).Verdict);

    /// <summary>systemd 242 and older have no such property, and start the unit without asking.</summary>
    [Theory]
    [InlineData("[Service]\nExecStart=/bin/a\nExecCondition = /bin/false\n", "", "wasimoff-provider.service:3")]
    [InlineData("[Service]\n", "[Service]\nExecCondition=\nExecCondition=/bin/false\n", "50-site.conf:3")]
    [InlineData("[Service]\nExecCondition=/bin/false\n", "[Service]\nExecCondition=\n", null)]
    [InlineData("[Service]\n#ExecCondition=/bin/false\nExecConditional=1\n", "", null)]
    public void An_ExecCondition_that_systemd_is_too_old_for(string file, string dropIn, string? place)
    {
        string[] paths = ["/usr/lib/systemd/system/wasimoff-provider.service", "/etc/systemd/system/wasimoff-provider.service.d/50-site.conf"];
        _site.Write(paths[0], file);
        _site.Write(paths[1], dropIn);
        Finding finding = Find("unit-exec-condition", facts => facts with { Provider = HealthySite.Provider with { HasExecCondition = null, Files = paths } });
        Assert.Equal(place is null ? Verdict.Ok : Verdict.Fault, finding.Verdict);
        Assert.Contains(place is null ? "it has no ExecCondition=" : $"{place}) needs systemd 243", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ExecCondition_that_systemd_asks() => Assert.Equal(
        Verdict.Ok, Find("unit-exec-condition", facts => facts with { Provider = HealthySite.Provider with { HasExecCondition = true } }).Verdict);

    /// <summary>systemd takes a program that it cannot run for one that refuses, so that nothing else tells of it.</summary>
    [Theory]
    [InlineData("/usr/local/libexec/asks", true, nameof(Verdict.Fault))]
    [InlineData("/usr/local/libexec/asks", false, nameof(Verdict.Ok))]
    [InlineData("/bin/sh", true, nameof(Verdict.Ok))]
    [InlineData("asks", true, nameof(Verdict.Ok))]
    public void An_ExecCondition_whose_program_is_not_there(string program, bool isRoot, string verdict)
    {
        _site.Write("/usr/local/libexec", "what 'cp hookagent-in-service /usr/local/libexec' makes without that folder");
        Finding finding = Find("unit-exec-condition", facts => facts with
        {
            IsRoot = isRoot,
            Provider = HealthySite.Provider with { HasExecCondition = true, ExecConditionPrograms = ["/bin/sh", program] },
        });

        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Equal(verdict == nameof(Verdict.Fault), finding.Text.Contains($"cannot run {program} (ExecCondition=)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_unit_that_is_not_bound() => Unit("unit-binding", unit => unit with { BindsTo = [] }, "BindsTo=hookagentd.service");

    [Fact]
    public void A_unit_that_restarts_itself() => Unit("unit-restart", unit => unit with { Restart = "on-failure" }, "Restart=no");

    [Fact]
    public void A_unit_that_isolate_stops() => Assert.Equal(
        Verdict.Warning, Find("unit-isolate", facts => facts with { Provider = HealthySite.Provider with { IgnoresIsolate = false } }).Verdict);

    [Fact]
    public void A_unit_that_systemd_refuses_after_many_starts() => Assert.Equal(
        Verdict.Warning, Find("unit-start-limit", facts => facts with { Provider = HealthySite.Provider with { StartLimitIntervalUsec = 10_000_000 } }).Verdict);

    [Fact]
    public void A_unit_that_is_killed_before_its_grace_is_over() => Unit("unit-stop-timeout", unit => unit with { TimeoutStopUsec = 9_000_000 }, "TimeoutStopSec=14s");

    [Theory]
    [InlineData(13_000_000ul)]
    [InlineData(UnitSettings.NoLimit)]
    public void A_stop_timeout_that_does_not_go_with_StopGrace(ulong usec) =>
        Assert.Equal(Verdict.Warning, Find("unit-stop-timeout", facts => facts with { Provider = HealthySite.Provider with { TimeoutStopUsec = usec } }).Verdict);

    [Theory]
    [InlineData(0)]
    [InlineData(-100)]
    public void A_unit_that_outlives_jobs_when_memory_runs_out(int score) =>
        Assert.Equal(Verdict.Warning, Find("unit-oom", facts => facts with { Provider = HealthySite.Provider with { OomScoreAdjust = score } }).Verdict);

    [Theory]
    [InlineData(100ul, "hookagent.slice")]
    [InlineData(UnitSettings.NoLimit, "hookagent.slice")]
    [InlineData(0ul, "system.slice")]
    [InlineData(1ul, "system.slice")]
    public void A_unit_that_takes_the_processors_from_a_job(ulong weight, string slice) =>
        Assert.Equal(Verdict.Warning, Find("unit-cpu-weight", facts => facts with { Provider = HealthySite.Provider with { CpuWeight = weight, Slice = slice } }).Verdict);

    /// <summary>Before 252, systemd knows no "idle" and keeps the line before it.</summary>
    [Fact]
    public void The_least_weight_is_as_good_as_an_older_systemd_can() =>
        Assert.Equal(Verdict.Ok, Find("unit-cpu-weight", facts => facts with { Provider = HealthySite.Provider with { CpuWeight = 1 } }).Verdict);

    [Theory]
    [InlineData(2048ul, nameof(Verdict.Ok))]
    [InlineData(2192ul, nameof(Verdict.Ok))]
    [InlineData(2193ul, nameof(Verdict.Warning))]
    public void Memory_that_a_health_check_would_miss(ulong mebibytes, string verdict)
    {
        Finding found = Find("unit-memory", facts => facts with { Provider = HealthySite.Provider with { MemoryMax = mebibytes << 20 } });

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains("RealMemory=6000", found.Text, StringComparison.Ordinal);
        Assert.True(verdict == nameof(Verdict.Ok) || found.Fix!.Contains("MemoryMax=2192M", StringComparison.Ordinal), found.Fix);
    }

    /// <summary>Processes of the unit's user, and children of its processes whoever they belong to, in a control group elsewhere.</summary>
    [Theory]
    [InlineData(1, 990, "/htcondor/slot1", nameof(Verdict.Warning))]
    [InlineData(201, 65534, "/htcondor/slot1", nameof(Verdict.Warning))]
    [InlineData(1, 65534, "/htcondor/slot1", nameof(Verdict.Ok))]
    [InlineData(1, 990, "/system.slice/wasimoff-broker.service", nameof(Verdict.Ok))]
    [InlineData(1, 0, "/system.slice/other.service", nameof(Verdict.Ok))]
    [InlineData(201, 65534, "/hookagent.slice/wasimoff-provider.service/jobs/slot1", nameof(Verdict.Ok))]
    [InlineData(1, 990, "/hookagent.slice/wasimoff-provider.service2", nameof(Verdict.Warning))]
    public void A_process_outside_of_the_units_control_group(int parent, int user, string group, string verdict)
    {
        _site.Process(300, parent, user, group);

        Finding found = Find("unit-processes");

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Equal(verdict == nameof(Verdict.Warning), found.Text.Contains($"300 (process-300) in {group}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_child_of_a_child_outside_is_outside_too()
    {
        _site.Process(300, 201, 65534, "/htcondor/slot1");
        _site.Process(301, 300, 65534, "/htcondor/slot1/inner");

        Assert.EndsWith(", and 1 more", Find("unit-processes").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_does_not_run_shows_no_processes() => Assert.Equal(
        Verdict.Unseen, Find("unit-processes", facts => facts with { Provider = HealthySite.Provider with { ActiveState = "inactive" } }).Verdict);

    /// <summary>MemAvailable is what such a check asks for; the running unit's own part of it comes back when it stops.</summary>
    [Theory]
    [InlineData("inactive", 0, 400ul, nameof(Verdict.Ok))]
    [InlineData("inactive", 0, 401ul, nameof(Verdict.Warning))]
    [InlineData("active", 100, 500ul, nameof(Verdict.Ok))]
    [InlineData("active", 100, 1018ul, nameof(Verdict.Warning))]
    public void Memory_that_the_system_itself_uses(string state, int has, ulong mebibytes, string verdict)
    {
        _site.Slurm("RealMemory=6000", "RealMemory=23104");
        _site.Write("/proc/meminfo", $"MemTotal: {24152 << 10} kB\nMemAvailable: {23504 << 10} kB\n");

        Finding found = Find("unit-memory", facts => facts with { Provider = HealthySite.Provider with { ActiveState = state, MemoryMax = mebibytes << 20, MemoryCurrent = (ulong)has << 20 } });

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.True(verdict == nameof(Verdict.Ok) || found.Fix!.Contains($"MemoryMax={400 + has}M", StringComparison.Ordinal), found.Fix);
    }

    [Theory]
    [InlineData("* || check_hw_physmem_free 4GB", nameof(Verdict.Ok), "")]
    [InlineData("* || check_hw_physmem_free 7g", nameof(Verdict.Warning), "MemoryMax=832M")]
    [InlineData(" *  ||  check_ps_loadavg 8 6 4", nameof(Verdict.Warning), "hookagent.slice")]
    [InlineData("* || check_ps_loadavg 24 16 16", nameof(Verdict.Ok), "")]
    [InlineData("* || check_ps_unauth_users log syslog kill", nameof(Verdict.Warning), "NHC_AUTH_USERS=\"$NHC_AUTH_USERS lent\"")]
    [InlineData("* || export NHC_AUTH_USERS=\"root lent\"\n* || check_ps_unauth_users kill", nameof(Verdict.Ok), "")]
    [InlineData("* || check_ps_cpu -l -k 90", nameof(Verdict.Warning), "check_ps_cpu -u '!lent' -l -k 90")]
    [InlineData("# * || check_ps_cpu -k 90", nameof(Verdict.Ok), "")]
    public void A_health_check_of_known_rules(string rules, string verdict, string fix)
    {
        _site.Slurm("HealthCheckProgram=/usr/sbin/nhc\nHealthCheckInterval=300");
        _site.Write("/etc/nhc/nhc.conf", $"{rules}\n");
        _site.Write("/proc/meminfo", $"MemTotal: {8192 << 10} kB\nMemAvailable: {8000 << 10} kB\n");
        _site.Write("/proc/stat", $"cpu  1\n{string.Concat(Enumerable.Range(0, 8).Select(static number => $"cpu{number} 1\n"))}");
        _site.Write("/etc/passwd", "root:x:0:0::/:/bin/sh\nlent:x:2000:2000::/:/bin/sh\n");

        Finding found = Find("health-check", facts => facts with { Provider = HealthySite.Provider with { ActiveState = "inactive", User = "lent" } });

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains("HealthCheckNodeState=ANY", found.Text, StringComparison.Ordinal);
        Assert.Contains(fix, found.Fix ?? "", StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, Find("health-check", facts => { _site.Slurm("HealthCheckNodeState=ALLOC,MIXED"); return _site.Facts(); }).Verdict);
    }

    [Theory]
    [InlineData("NodeName={0}.cluster.example RealMemory=1", nameof(Verdict.Ok))]
    [InlineData("NodeName=alias7 RealMemory=8000", nameof(Verdict.Warning))]
    [InlineData("NodeName=n7 NodeHostname={0} RealMemory=8000", nameof(Verdict.Warning))]
    public void Memory_of_a_node_by_another_name_of_the_host(string line, string verdict)
    {
        string host = Environment.MachineName;
        _site.Slurmd("slurmd", "-D");
        _site.Slurm("NodeName=n[1-4] CPUs=2 RealMemory=6000", line.Replace("{0}", host, StringComparison.Ordinal));
        _site.Write("/etc/hosts", $"127.0.0.1 localhost\n10.0.0.7 {host}.cluster.example {host} alias7 # ours\n");

        Finding found = Find("unit-memory");

        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains("RealMemory=", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_without_a_limit() => Assert.Equal(
        Verdict.Warning, Find("unit-memory", facts => facts with { Provider = HealthySite.Provider with { MemoryMax = UnitSettings.NoLimit } }).Verdict);

    /// <summary>A restarted journald that writes to disk leaves the one in memory, and one that writes to memory the one on disk.</summary>
    [Theory]
    [InlineData("/run/log/journal", "/var/log/journal", nameof(Verdict.Ok))]
    [InlineData("/var/log/journal", "/run/log/journal", nameof(Verdict.Warning))]
    public void Of_two_journals_the_newer_counts(string older, string newer, string verdict)
    {
        _site.Write($"{older}/{HealthySite.Machine}/system.journal", "");
        SystemRoot root = new(_site.Root);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _site.Write($"{newer}/{HealthySite.Machine}/system.journal", "");
                return Changed(newer) > Changed(older);
            },
            TimeSpan.FromSeconds(5)));

        Assert.Equal(verdict, Find("journal").Verdict.ToString());

        DateTime? Changed(string folder) => root.Changed($"{folder}/{HealthySite.Machine}/system.journal");
    }

    [Fact]
    public void A_journal_that_ends_with_the_boot()
    {
        Directory.Delete(_site.Real("/var/log/journal"), recursive: true);

        Assert.Equal(Verdict.Warning, Find("journal").Verdict);
    }

    [Fact]
    public void A_journal_that_is_told_to_end_with_the_boot()
    {
        Directory.Delete(_site.Real($"/var/log/journal/{HealthySite.Machine}"), recursive: true);

        Assert.StartsWith("Storage=persistent", Find("journal").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metrics_folder_that_the_daemon_may_not_write()
    {
        Directory.CreateDirectory(_site.Real("/srv/metrics"));
        _site.Write("/etc/hookagent/hookagent.conf", "[Metrics]\nTextFile=/srv/metrics/hookagent.prom\n");

        Assert.Contains("ReadWritePaths=/srv/metrics", Find("metrics").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void No_slurm_conf_at_all() => Fault("slurm.conf", "none was found", "systemctl status slurmd", () => File.Delete(_site.Real("/etc/slurm/slurm.conf")));

    private void Unit(string check, Func<UnitSettings, UnitSettings> change, string fix) =>
        Fault(check, "", fix, facts => facts with { Provider = change(HealthySite.Provider) });

    private void Fault(string check, string text, string fix, Action breakIt) => Fault([check], text, fix, breakIt);

    /// <param name="checks">All that must find fault, and no other; the text and what fixes it are the last's.</param>
    private void Fault(string[] checks, string text, string fix, Action breakIt)
    {
        breakIt();
        Faults(checks, text, fix, _site.Facts());
    }

    private void Fault(string check, string text, string fix, Func<NodeFacts, NodeFacts> breakIt) =>
        Faults([check], text, fix, breakIt(_site.Facts()));

    private static void Faults(string[] checks, string text, string fix, NodeFacts facts)
    {
        IReadOnlyList<CheckGroup> groups = Checkup.Of(facts);
        Finding[] faults = [.. groups.SelectMany(group => group.Findings).Where(finding => finding.Verdict == Verdict.Fault)];
        Assert.Equal(checks, faults.Select(finding => finding.Check));
        Assert.Contains(text, faults[^1].Text, StringComparison.Ordinal);
        Assert.Contains(fix, faults[^1].Fix, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, Checkup.ExitCodeOf(groups));
    }

    private Finding Find(string check, Func<NodeFacts, NodeFacts>? change = null) =>
        Checkup.Of((change ?? (facts => facts))(_site.Facts())).SelectMany(group => group.Findings).Single(finding => finding.Check == check);
}
