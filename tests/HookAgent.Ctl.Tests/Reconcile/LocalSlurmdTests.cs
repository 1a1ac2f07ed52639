using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Tests.Reconcile;

public sealed class LocalSlurmdTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hookctl-proc-").FullName;

    public LocalSlurmdTests()
    {
        Directory.CreateDirectory($"{_root}/proc/self/ns");
        File.CreateSymbolicLink($"{_root}/proc/self/ns/pid", "pid:[1]");
        Directory.CreateDirectory($"{_root}/proc/sys");
        Directory.CreateDirectory($"{_root}/proc/7");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Takes_slurm_conf_from_its_environment()
    {
        Process(100, "slurmd", ["/usr/sbin/slurmd", "-D"], environment: "PATH=/bin\0SLURM_CONF=/etc/site.conf\0");

        Assert.Equal("/etc/site.conf", Found().Running[^1].Start.Configured?.Path);
        Assert.Empty(Found().NodeNames);
    }

    [Theory]
    [InlineData("-f", "/opt/slurm.conf")]
    [InlineData("-f/opt/slurm.conf")]
    public void Takes_slurm_conf_from_its_command_line_before_all(params string[] option)
    {
        Process(100, "slurmd", ["slurmd", "-D", .. option], environment: "SLURM_CONF=/etc/site.conf\0");

        Assert.Equal("/opt/slurm.conf", Found().Running[^1].Start.Configured?.Path);
    }

    [Fact]
    public void Takes_every_node_that_runs_on_this_host()
    {
        Process(100, "slurmd", ["slurmd", "-N", "n1"]);
        Process(101, "slurmd", ["slurmd", "-Nn2"]);
        Process(102, "slurmd", ["slurmd", "-N", "n2"]);

        Assert.Equal(["n1", "n2"], Found().NodeNames.Order());
        Assert.Equal([100, 101, 102], Found().Running.Select(slurmd => slurmd.Id).Order());
    }

    [Fact]
    public void Takes_the_squeue_that_was_installed_with_it()
    {
        Directory.CreateDirectory($"{_root}/opt/bin");
        File.WriteAllText($"{_root}/opt/bin/squeue", "");
        Process(100, "slurmd", ["slurmd"], executable: $"{_root}/opt/sbin/slurmd");

        Assert.Equal($"{_root}/opt/bin/squeue", Found().FindProgram("squeue"));
        Assert.Null(Found().FindProgram("scontrol"));
    }

    [Fact]
    public void Believes_no_process_that_is_not_the_slurmd_of_this_node()
    {
        Process(100, "slurmd", ["slurmd", "-f", "/tmp/user"], uid: 1000);
        Process(101, "slurmd", ["slurmd", "-f", "/container"], pidNamespace: "pid:[2]");
        Process(102, "slurmstepd", ["slurmd", "-f", "/step"]);
        Process(103, "slurmd-helper", ["slurmd", "-f", "/other"]);

        Assert.Empty(Found().Running);
    }

    [Fact]
    public void Reads_the_real_proc_without_harm() => Assert.NotNull(LocalSlurmd.Find());

    private LocalSlurmd Found() => LocalSlurmd.Find($"{_root}/proc");

    private void Process(
        int id, string name, string[] arguments, string environment = "", int uid = 0, string pidNamespace = "pid:[1]", string executable = "/usr/sbin/slurmd")
    {
        string process = $"{_root}/proc/{id}";
        Directory.CreateDirectory($"{process}/ns");
        File.CreateSymbolicLink($"{process}/ns/pid", pidNamespace);
        File.CreateSymbolicLink($"{process}/exe", executable);
        File.WriteAllText($"{process}/comm", $"{name}\n");
        File.WriteAllText($"{process}/status", $"Name:\t{name}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t0\t0\t0\t0\n");
        File.WriteAllText($"{process}/cmdline", string.Concat(arguments.Select(argument => $"{argument}\0")));
        File.WriteAllText($"{process}/environ", environment);
    }
}
