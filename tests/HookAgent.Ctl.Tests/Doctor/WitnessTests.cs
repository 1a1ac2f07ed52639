using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>Those who tell what Slurm goes by, and what is said where they contradict each other.</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";

    private readonly HealthySite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public void A_file_that_has_changed_since_slurmd_read_it()
    {
        _site.Started(TimeSpan.FromHours(1));

        Finding found = Find("slurmd-read");

        Assert.Equal(Verdict.Warning, found.Verdict);
        Assert.StartsWith("scontrol reconfigure", found.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Prolog", "Prolog = (null)", "slurmctld has no Prolog= (scontrol show config), and /etc/slurm/slurm.conf says Prolog=" + Hook)]
    [InlineData("Epilog", "Epilog = /srv/other", "slurmctld has Epilog=/srv/other (scontrol show config)")]
    [InlineData("PrologFlags", "PrologFlags = (null)", "slurmctld has no PrologFlags=")]
    [InlineData("PrologFlags", "PrologFlags = Serial", "slurmctld has PrologFlags=Serial")]
    [InlineData("PrologFlags", "PrologFlags = Alloc,Contain", null)]
    [InlineData("Prolog", $"Prolog[0] = {Hook}", null)]
    [InlineData("Prolog", $"Prolog[0] = {Hook}\nProlog[1] = /srv/second", "Prolog=/srv/second")]
    public void A_slurmctld_that_has_read_something_else(string key, string said, string? text)
    {
        Finding found = Find("slurmctld", facts =>
        {
            SlurmctldConfig own = facts.Slurm.Running[0].Controller!;
            return WithController(facts, new SlurmctldConfig([.. own.Lines.Where(line => line.Key != key), .. SlurmctldConfig.Parse(said).Lines]));
        });

        Assert.Equal(text is null ? Verdict.Ok : Verdict.Warning, found.Verdict);
        Assert.Contains(text ?? "the same", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slurmctld_that_does_not_answer_is_unseen() => Assert.Equal(
        Verdict.Unseen,
        Find("slurmctld", facts => WithController(facts, null) with { Slurm = WithController(facts, null).Slurm with { Answers = [new SlurmctldAnswer.Failed("no answer")] } }).Verdict);

    [Theory]
    [InlineData($"Prolog={Hook}\nEpilog={Hook}\n", nameof(Verdict.Ok))]
    [InlineData($"Prolog={Hook}\n", nameof(Verdict.Warning))]
    public void Several_slurmd_of_a_host(string conf, string verdict)
    {
        _site.Write("/srv/second.conf", conf);
        _site.Write("/proc/101/comm", "slurmd\n");
        _site.Write("/proc/101/cmdline", "slurmd\0-N\0n2\0-Dfsecond.conf\0");
        _site.Write("/proc/101/status", "Name:\tslurmd\nUid:\t0\t0\t0\t0\n");
        _site.Link("/proc/101/cwd", "/srv");

        Assert.Equal(verdict, Find("slurmd-others").Verdict.ToString());
    }

    /// <summary>A slurmd in a mount namespace of its own has other files under the same names.</summary>
    [Fact]
    public void The_programs_are_those_that_slurmd_sees()
    {
        _site.Link("/proc/self/ns/mnt", "mnt:[1]");
        _site.Link("/proc/100/ns/mnt", "mnt:[2]");
        _site.Write("/proc/100/root/etc/slurm/slurm.conf", "Prolog=/srv/prolog\nEpilog=/srv/prolog\n");
        _site.Program("/proc/100/root/srv/prolog", $"#!/bin/sh\n{Hook}\n");
        _site.Program("/proc/100/root/bin/sh");
        _site.Program($"/proc/100/root{Hook}");

        Assert.Equal(Verdict.Ok, Find("prolog").Verdict);
    }

    private static NodeFacts WithController(NodeFacts facts, SlurmctldConfig? controller) =>
        facts with { Slurm = facts.Slurm with { Running = [facts.Slurm.Running[0] with { Controller = controller }] } };

    private Finding Find(string check, Func<NodeFacts, NodeFacts>? change = null) =>
        Checkup.Of((change ?? (facts => facts))(_site.Facts())).SelectMany(group => group.Findings).Single(finding => finding.Check == check);
}
