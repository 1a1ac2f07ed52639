using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Tests.Slurm;

public sealed class SlurmctldConfigTests
{
    private const string Of2205 = """
        Configuration data as of 2026-11-26T14:46:32
        BOOT_TIME               = 2026-11-26T12:00:00
        HASH_VAL                = Match
        Epilog                  = (null)
        EpilogMsgTime           = 2000 usec
        EpilogSlurmctld         = /usr/local/bin/other
        Prolog                  = /etc/slurm/prolog.d/*
        SLURM_CONF              = /opt/slurm/etc/slurm.conf

        Slurmctld(primary) at com0 is UP
        """;

    private const string Of2605 = """
        Configuration data as of 2026-11-26T14:46:32
        Prolog[0]               = /etc/slurm/a
        Prolog[1]               = /etc/slurm/b
        PrologSlurmctld[0]      = /etc/slurm/c
        PrologFlags             = Alloc
        """;

    [Fact]
    public void Reads_one_value_a_key_up_to_23_11()
    {
        SlurmctldConfig config = SlurmctldConfig.Parse(Of2205);

        Assert.Equal(["/etc/slurm/prolog.d/*"], config.Programs("Prolog"));
        Assert.Empty(config.Programs("Epilog"));
        Assert.Equal("/opt/slurm/etc/slurm.conf", config.Value("SLURM_CONF"));
    }

    [Fact]
    public void Reads_a_line_a_value_from_24_05()
    {
        SlurmctldConfig config = SlurmctldConfig.Parse(Of2605);

        Assert.Equal(["/etc/slurm/a", "/etc/slurm/b"], config.Programs("Prolog"));
        Assert.Empty(config.Programs("Epilog"));
    }

    [Theory]
    [InlineData("14:46:32", "14:40:00", true)] // booted, changed, reconfigured
    [InlineData("14:46:32", "12:00:02", true)] // within seconds
    [InlineData("14:46:32", "12:00:01", false)] // in the second of its start
    [InlineData("14:46:32", "11:59:59", false)] // changed before it started: its start told no slurmd
    [InlineData("14:56:32", "12:10:02", true)] // by a clock that is ten minutes ahead of slurmctld's
    [InlineData("14:56:32", "12:09:59", false)]
    [InlineData("14:36:32", "11:50:02", true)] // and behind
    [InlineData("14:36:32", "11:49:59", false)]
    public void Has_told_every_slurmd_when_it_read_again_after_the_change(string heard, string changed, bool told)
    {
        SlurmctldConfig config = SlurmctldConfig.Parse(Of2205) with { Heard = Local(heard) };

        Assert.Equal(told, config.HasToldSlurmdSince(Local(changed)));

        static DateTime Local(string time) => DateTime.SpecifyKind(DateTime.Parse($"2026-11-26T{time}", System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Local).ToUniversalTime();
    }

    [Theory]
    [InlineData("Different Ours=0x79f40774 Slurmctld=0xa4dfcf3f")]
    [InlineData("")]
    public void Has_told_nobody_of_a_file_that_differs_from_its_own(string hash) =>
        Assert.False(SlurmctldConfig.Parse(Of2205.Replace("Match", hash, StringComparison.Ordinal)).HasToldSlurmdSince(DateTime.MaxValue));

    [Fact]
    public void Has_told_nobody_when_it_does_not_say_since_when_it_runs() =>
        Assert.False(SlurmctldConfig.Parse(Of2605).HasToldSlurmdSince(DateTime.UnixEpoch));

    [Fact]
    public void One_that_does_not_answer_is_killed_after_two_seconds()
    {
        using FakeProgram scontrol = new("scontrol", "exec sleep 600");

        Assert.Contains("did not answer within 2 s and was killed", Assert.IsType<SlurmctldAnswer.Failed>(SlurmctldConfig.Ask(scontrol.FilePath, null)).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)' >&2; exit 1", "failed with exit code 1 (slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)); is slurmctld up? Try 'scontrol ping'")]
    [InlineData("echo Welcome", "printed no configuration")]
    public void An_answer_that_is_none_is_not_believed(string body, string sentence)
    {
        using FakeProgram scontrol = new("scontrol", body);

        Assert.Equal($"{scontrol.FilePath} {sentence}", Assert.IsType<SlurmctldAnswer.Failed>(SlurmctldConfig.Ask(scontrol.FilePath, null)).Sentence);
    }
}
