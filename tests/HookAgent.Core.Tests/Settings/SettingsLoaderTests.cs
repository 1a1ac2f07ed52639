using HookAgent.Core.Settings;

namespace HookAgent.Core.Tests.Settings;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hookagent-settings-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Without_any_file_the_defaults_hold()
    {
        SettingsResult.Valid loaded = Assert.IsType<SettingsResult.Valid>(SettingsLoader.Load(_root));

        Assert.Equal(AgentSettings.Defaults, loaded.Settings);
        Assert.Empty(loaded.Files);
    }

    [Fact]
    public void Only_the_first_main_file_is_read_and_drop_ins_are_sorted_over_all_folders()
    {
        Write("run/hookagent/hookagent.conf", "[Node]\nIdleDelay=1\nStopGrace=1\nStartJitter=1");
        Write("usr/lib/hookagent/hookagent.conf", "[Hook]\nTimeout=9");
        Write("usr/lib/hookagent/hookagent.conf.d/90-z.conf", "[Node]\nIdleDelay=90");
        Write("etc/hookagent/hookagent.conf.d/50-m.conf", "[Node]\nIdleDelay=50\nStopGrace=50");

        SettingsResult.Valid loaded = Assert.IsType<SettingsResult.Valid>(SettingsLoader.Load(_root));

        Assert.Equal(TimeSpan.FromSeconds(90), loaded.Settings.IdleDelay);
        Assert.Equal(TimeSpan.FromSeconds(50), loaded.Settings.StopGrace);
        Assert.Equal(TimeSpan.FromSeconds(1), loaded.Settings.StartJitter);
        Assert.Equal(AgentSettings.Defaults.HookTimeout, loaded.Settings.HookTimeout);
        Assert.Equal(
            ["run/hookagent/hookagent.conf", "etc/hookagent/hookagent.conf.d/50-m.conf", "usr/lib/hookagent/hookagent.conf.d/90-z.conf"],
            loaded.Files.Select(file => Path.GetRelativePath(_root, file)));
    }

    [Fact]
    public void Applies_the_files_that_systemd_shows_in_its_order()
    {
        string[] folders = ["etc", "run", "usr/local/lib", "usr/lib"];
        for (int i = 0; i < folders.Length; i++)
        {
            string dropIns = $"{folders[i]}/hookagent/hookagent.conf.d";
            Write($"{dropIns}/all.conf", $"# file {folders[i]} all");
            Write($"{dropIns}/{9 - i}-own.conf", $"# file {folders[i]} own");
            Write($"{dropIns}/.hidden.conf", $"# file {folders[i]} hidden");
            Write($"{dropIns}/note.txt", $"# file {folders[i]} note");
            Write($"{dropIns}/old.conf~", $"# file {folders[i]} backup");
        }

        Write("usr/lib/hookagent/hookagent.conf", "# file usr main");
        Write("usr/local/lib/hookagent/hookagent.conf", "# file local main");
        Write("usr/lib/hookagent/hookagent.conf.d/B.conf", "# file capital");
        Write("usr/lib/hookagent/hookagent.conf.d/a.conf", "# file small");
        Write("usr/lib/hookagent/hookagent.conf.d/linked.conf", "# file hidden by a link");
        File.CreateSymbolicLink(Path.Combine(_root, "etc/hookagent/hookagent.conf.d/linked.conf"), "/dev/null");
        Write("usr/lib/hookagent/hookagent.conf.d/emptied.conf", "# file hidden by an empty one");
        Write("run/hookagent/hookagent.conf.d/emptied.conf", "");

        SettingsResult.Valid loaded = Assert.IsType<SettingsResult.Valid>(SettingsLoader.Load(_root));

        // A hidden file may be listed by its empty cover or not at all: only contents are compared.
        IEnumerable<string> ours = loaded.Files.SelectMany(File.ReadAllLines).Where(line => line.StartsWith("# file", StringComparison.Ordinal));
        IEnumerable<string> theirs = SystemdAnalyze.CatConfig(_root).Split('\n').Where(line => line.StartsWith("# file", StringComparison.Ordinal));
        Assert.Equal(theirs, ours);
        Assert.Equal(8, ours.Count());
    }

    [Fact]
    public void A_masked_main_file_hides_the_ones_behind_it()
    {
        Write("usr/lib/hookagent/hookagent.conf", "[Node]\nIdleDelay=1");
        Directory.CreateDirectory(Path.Combine(_root, "etc/hookagent"));
        File.CreateSymbolicLink(Path.Combine(_root, "etc/hookagent/hookagent.conf"), "/dev/null");

        Assert.Equal(AgentSettings.Defaults, Assert.IsType<SettingsResult.Valid>(SettingsLoader.Load(_root)).Settings);
    }

    [Fact]
    public void Every_file_that_cannot_be_read_is_named_beside_the_errors_of_the_others()
    {
        Write("etc/hookagent/hookagent.conf", "[Nod]\n");
        Directory.CreateDirectory(Path.Combine(_root, "etc/hookagent/hookagent.conf.d/1-folder.conf"));
        File.CreateSymbolicLink(Path.Combine(_root, "etc/hookagent/hookagent.conf.d/2-nowhere.conf"), "nowhere");
        Write("etc/hookagent/hookagent.conf.d/3-large.conf", new string('#', SettingsLoader.MostBytes + 1));
        File.WriteAllBytes(Path.Combine(_root, "etc/hookagent/hookagent.conf.d/4-bytes.conf"), [(byte)'#', 0xff, 0xfe]);
        Write("etc/hookagent/hookagent.conf.d/5-large-enough.conf", new string('#', SettingsLoader.MostBytes));

        IReadOnlyList<SettingsError> errors = Assert.IsType<SettingsResult.Invalid>(SettingsLoader.Load(_root)).Errors;

        Assert.Equal(
            ["hookagent.conf", "1-folder.conf", "2-nowhere.conf", "3-large.conf", "4-bytes.conf"],
            errors.Select(error => Path.GetFileName(error.File)));
        Assert.Equal("cannot be read: No such file or directory", errors[2].Message);
    }

    [Fact]
    public void A_drop_in_folder_that_is_a_file_is_an_error()
    {
        Write("etc/hookagent/hookagent.conf.d", "[Node]\nIdleDelay=1");

        Assert.Contains("hookagent.conf.d", Assert.Single(Assert.IsType<SettingsResult.Invalid>(SettingsLoader.Load(_root)).Errors).ToString(), StringComparison.Ordinal);
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
