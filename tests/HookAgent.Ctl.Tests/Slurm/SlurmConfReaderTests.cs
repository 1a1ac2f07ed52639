using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Slurm;

public sealed class SlurmConfReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Prolog=/a", "/a")]
    [InlineData("  pROLOG =\t/a  ", "/a")]
    [InlineData("Prolog=\"/a b\"", "/a b")]
    [InlineData("Prolog=/a # not /b", "/a")]
    [InlineData("Prolog=/a\\#b", "/a\\#b")]
    [InlineData("Prolog=/a\\\\#b", "/a\\\\")]
    [InlineData("Prolog=\\\n  /a", "/a")]
    [InlineData("Epilog=/e\\\\\nProlog=/a", "/a")]
    [InlineData("Epilog=/e\\\\\\\nProlog=/a", null)]
    [InlineData("Pro\\\nlog=/a", "/a")]
    [InlineData("Prolog=/a\r\nX=1", "/a")]
    [InlineData("#Prolog=/a", null)]
    [InlineData("PrologSlurmctld=/a", null)]
    [InlineData("Prolog", null)]
    [InlineData("", null)]
    public void A_key_is_found_as_Slurm_finds_it(string text, string? value)
    {
        Write("slurm.conf", text);

        Assert.Equal(value, Read().Last("Prolog")?.Value);
    }

    [Fact]
    public void The_last_counts_and_each_has_its_place()
    {
        Write("slurm.conf", "A=1\nProlog=\\\n/a\nEpilog=/e\nPROLOG=/b\n");

        Assert.Equal([("/a", 2), ("/b", 5)], Read().All("prolog").Select(line => (line.Value, line.Line)));
        Assert.Equal("/etc/slurm.conf:5", Read().Last("Prolog")!.Place);
    }

    [Fact]
    public void Includes_are_followed_relative_to_the_file_that_names_them_and_in_its_place()
    {
        Write("slurm.conf", "ClusterName=LAB\nProlog=/a\ninclude site/one.conf\nInclude\t/etc/two-%c.conf\nEpilog=/last");
        Write("site/one.conf", "Prolog=/b\nInclude deeper.conf\n");
        Write("site/deeper.conf", "Epilog=/first\n");
        Write("two-lab.conf", "PrologFlags=Alloc\n");

        SlurmConf conf = Read();

        Assert.Equal(["/etc/slurm.conf", "/etc/site/one.conf", "/etc/site/deeper.conf", "/etc/two-lab.conf"], conf.Files);
        Assert.Equal("/b", conf.Last("Prolog")!.Value);
        Assert.Equal(["/first", "/last"], conf.All("Epilog").Select(line => line.Value));
        Assert.Equal("Alloc", conf.Last("PrologFlags")!.Value);
        Assert.Empty(conf.Missing);
    }

    /// <summary>Slurm takes it for a file of that name, and waits for it.</summary>
    [Fact]
    public void A_pattern_includes_nothing()
    {
        Write("slurm.conf", "Include conf.d/*.conf\n");
        Write("conf.d/a.conf", "Prolog=/a\n");

        SlurmConf conf = Read();

        Assert.Null(conf.Last("Prolog"));
        Assert.Equal("/etc/conf.d/*.conf", conf.Missing.Single().Path);
    }

    [Fact]
    public void An_Include_that_leads_nowhere_or_in_a_circle_is_told()
    {
        Write("slurm.conf", "Include none.conf\nInclude circle.conf\nProlog=/a");
        Write("circle.conf", "Include slurm.conf\n");

        SlurmConf conf = Read();

        Assert.Contains(new MissingInclude("/etc/none.conf", "/etc/slurm.conf:1"), conf.Missing);
        Assert.Contains(conf.Missing, missing => missing.Path is "/etc/slurm.conf" or "/etc/circle.conf");
        Assert.Equal("/a", conf.Last("Prolog")!.Value);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        SlurmConf conf = Read();

        Assert.Equal("it is not there", conf.Problem);
        Assert.Empty(conf.Lines);
    }

    [Theory]
    [InlineData("NodeName=n[1-4] RealMemory=500", 500ul)]
    [InlineData("NodeName=DEFAULT RealMemory=700\nNodeName=n2 CPUs=2", 700ul)]
    [InlineData("NodeName=DEFAULT RealMemory=700\nNodeName=n2 RealMemory=900\nNodeName=DEFAULT RealMemory=1", 900ul)]
    [InlineData("NodeName=alias NodeHostname=n2 RealMemory=300", 300ul)]
    [InlineData("NodeName=n2 Feature=\"a,b\" realmemory=300", 300ul)]
    [InlineData("NodeName=n2 CPUs=2", null)]
    [InlineData("NodeName=n3 RealMemory=500", null)]
    public void The_memory_of_a_node_is_that_of_its_line(string text, ulong? mebibytes)
    {
        Write("slurm.conf", text);

        Assert.Equal(mebibytes, SlurmNodeMemory.Of(Read(), ["n2"])?.Mebibytes);
    }

    [Theory]
    [InlineData("com[0-3]", "com2", true)]
    [InlineData("com[0-3]", "com4", false)]
    [InlineData("com[0-3,7]", "com7", true)]
    [InlineData("com[001-100]", "com007", true)]
    [InlineData("com[001-100]", "com7", false)]
    [InlineData("com[1-100]", "com100", true)]
    [InlineData("a,com[1-2],b[1-2]c[3-4]", "b2c3", true)]
    [InlineData("a,com[1-2],b[1-2]c[3-4]", "b2c5", false)]
    [InlineData("com1", "com1", true)]
    [InlineData("com1", "com11", false)]
    [InlineData("com[1-2", "com1", false)]
    [InlineData("com[x-y]", "com1", false)]
    [InlineData("", "com1", false)]
    public void A_list_of_hosts_has_those_it_writes_out(string list, string host, bool has) => Assert.Equal(has, HostList.Has(list, host));

    private SlurmConf Read() => SlurmConfReader.Read(new SystemRoot(_folder.Path), "/etc/slurm.conf");

    private void Write(string name, string text)
    {
        string path = Path.Join(_folder.Path, "etc", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
