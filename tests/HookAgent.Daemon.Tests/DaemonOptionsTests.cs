namespace HookAgent.Daemon.Tests;

public sealed class DaemonOptionsTests
{
    [Fact]
    public void A_service_needs_none()
    {
        (DaemonOptions? options, string error) = DaemonOptions.Parse([]);
        Assert.Equal(new DaemonOptions(), options);
        Assert.Equal("", error);
        Assert.Equal(
            ("unix:path=/run/dbus/system_bus_socket", "/run/hookagent/jobs", "/var/lib/hookagent", "/", "/proc", "/run/systemd/journal/socket"),
            (options!.Bus, options.JobDirectory, options.StateDirectory, options.Root, options.Proc, options.Journal));
    }

    [Fact]
    public void Each_option_is_taken()
    {
        (DaemonOptions? options, _) = DaemonOptions.Parse(
            ["--bus", "a", "--run-dir", "b", "--state-dir", "c", "--root", "d", "--proc", "e", "--journal", "f", "--cgroup", "g", "--check", "--version", "--help"]);
        Assert.Equal(
            new DaemonOptions { Bus = "a", RunDirectory = "b", StateDirectory = "c", Root = "d", Proc = "e", Journal = "f", ControlGroups = "g", Check = true, Version = true, Help = true },
            options);
        Assert.Equal("b/jobs", options!.JobDirectory);
    }

    [Theory]
    [InlineData("unknown option '--runs'", "--runs")]
    [InlineData("unknown option 'check'", "check")]
    [InlineData("--run-dir needs a value", "--run-dir")]
    [InlineData("--root needs a value", "--check", "--root", "")]
    public void A_mistake_is_named(string sentence, params string[] arguments)
    {
        (DaemonOptions? options, string error) = DaemonOptions.Parse(arguments);
        Assert.Null(options);
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_names_every_option() => Assert.All(
        (string[])["--check", "--bus", "--run-dir", "--state-dir", "--root", "--proc", "--cgroup", "--journal", "--version", "--help"],
        option => Assert.Contains($"  {option} ", DaemonOptions.Usage, StringComparison.Ordinal));
}
