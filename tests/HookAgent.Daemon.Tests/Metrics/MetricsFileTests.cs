using System.Diagnostics;
using HookAgent.Bus;
using HookAgent.Core.Journal;
using HookAgent.Core.Node;
using HookAgent.Daemon.Metrics;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Tests.Metrics;

public sealed class MetricsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Told _told = new();
    private readonly MetricsFile _file;

    public MetricsFileTests() => _file = new MetricsFile(_told);

    private string Path => _folder["metrics/hookagent.prom"];

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_is_written_whole_for_everybody_to_read_and_gone_with_the_daemon()
    {
        MakeFolder();

        // Left behind by a daemon that was killed; nothing is written to where it points.
        File.WriteAllText(_folder["elsewhere"], "untouched");
        File.CreateSymbolicLink(_folder["metrics/.hookagent.prom.new"], _folder["elsewhere"]);
        MetricsSnapshot now = Snapshots.Lent();
        _file.Publish(Path, now);
        Until(() => File.Exists(Path), "the file");
        Assert.Equal(MetricsText.Render(now), File.ReadAllText(Path));
        Assert.Equal("untouched", File.ReadAllText(_folder["elsewhere"]));
        Assert.Equal("644", Child.Run("stat", "--format=%a", Path));
        Assert.Equal([Path], Directory.GetFiles(_folder["metrics"]));
        _file.Dispose();
        Assert.Empty(Directory.GetFiles(_folder["metrics"]));
        Assert.Empty(_told.Lines);
    }

    [Fact]
    public void Without_its_folder_nothing_is_written_and_nothing_told_until_there_is_one()
    {
        _file.Publish(Path, Snapshots.Lent());
        _file.Publish(null, Snapshots.Lent());
        MakeFolder();
        _file.Publish(Path, Snapshots.Lent());
        Until(() => File.Exists(Path), "the file");
        Assert.Empty(_told.Lines);
    }

    [Fact]
    public void Another_path_takes_the_old_file_away_and_no_path_too()
    {
        MakeFolder();
        string other = _folder["metrics/other.prom"];
        _file.Publish(Path, Snapshots.Lent());
        Until(() => File.Exists(Path), "the file");
        _file.Publish(other, Snapshots.Lent());
        Until(() => File.Exists(other), "the other file");
        Assert.False(File.Exists(Path));
        _file.Publish(null, Snapshots.Lent());
        Until(() => !File.Exists(other), "no file");
    }

    [Fact]
    public void A_folder_that_vanishes_is_told_once_and_when_it_is_back()
    {
        MakeFolder();
        _file.Publish(Path, Snapshots.Lent());
        Until(() => File.Exists(Path), "the file");
        Directory.Delete(_folder["metrics"], recursive: true);
        _file.Publish(Path, Snapshots.Lent());
        Until(() => _told.Lines.Length == 1, "a warning");
        Assert.StartsWith($"{NodeMessageIds.StateFileFailed} Cannot write {Path}: Could not find a part of the path", _told.Lines[0], StringComparison.Ordinal);

        // Told when it has happened twice as often; RepeatedTroubleTests has the rest.
        _file.Publish(Path, Snapshots.Lent());
        Until(() => _told.Lines.Length == 2, "a second warning");
        MakeFolder();
        _file.Publish(Path, Snapshots.Lent());
        Until(() => _told.Lines.Length == 3, "word of the file");
        Assert.Equal($"{NodeMessageIds.StateFileWritten} {Path} is written again; that had failed 2 times.", _told.Lines[2]);
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        using Child full = new("unshare", "--mount", "--propagation", "private", "sh", "-c",
            "mkdir $1 && mount -t tmpfs -o size=4k none $1 && echo ready && read -r line", "sh", _folder["metrics"]);
        Assert.Equal("ready", full.ReadLine());
        string path = $"/proc/{full.Id}/root{Path}";
        File.WriteAllText(path, "old");
        _file.Publish(path, Snapshots.Lent());
        Until(() => _told.Lines.Length == 1, "a warning");
        Assert.Contains("No space left on device", _told.Lines[0], StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(System.IO.Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_flood_is_written_as_its_end_and_holds_nobody_up()
    {
        MakeFolder();
        MetricsSnapshot now = Snapshots.Lent();
        int written = 0;
        using FileSystemWatcher folder = new(_folder["metrics"]) { InternalBufferSize = 1 << 20 };
        folder.Renamed += (_, _) => Interlocked.Increment(ref written);
        folder.EnableRaisingEvents = true;
        for (int i = 1; i <= 20_000; i++)
        {
            now = now with { Status = now.Status with { Counts = now.Status.Counts.With(NodeProperty.JobsSeen, (ulong)i) } };
            _file.Publish(Path, now);
        }

        Until(() => File.Exists(Path) && File.ReadAllText(Path).Contains("hookagent_jobs_seen_total 20000\n", StringComparison.Ordinal), "the last");
        Until(() => Volatile.Read(ref written) > 0, "the news of a file");
        Assert.InRange(written, 1, 2000);
    }

    [Fact]
    public void Who_reads_while_it_is_written_sees_whole_files_only()
    {
        MakeFolder();
        MetricsSnapshot now = Snapshots.Lent();
        _file.Publish(Path, now);
        Until(() => File.Exists(Path), "the file");
        for (int i = 1; i <= 500; i++)
        {
            _file.Publish(Path, now with { Status = now.Status with { State = i % 2 == 0 ? "busy" : "lending" } });
            string text = File.ReadAllText(Path);
            Assert.EndsWith("} 1\n", text, StringComparison.Ordinal);
            Assert.StartsWith("# HELP hookagent_state ", text, StringComparison.Ordinal);
        }
    }

    private void MakeFolder() => Directory.CreateDirectory(_folder["metrics"]);

    private void Until(Func<bool> so, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!so())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{what} did not come; told: {string.Join('\n', _told.Lines)}");
            Thread.Sleep(2);
        }
    }

    private sealed class Told : ILogger<MetricsFile>
    {
        private readonly List<string> _lines = [];

        public string[] Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{eventId.Name} {formatter(state, exception)}");
            }
        }
    }
}
