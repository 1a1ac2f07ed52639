using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.State;
using HookAgent.Daemon.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace HookAgent.Daemon.Tests.State;

/// <summary>What cannot be written now: the folder is missing, as good as a disk that is full.</summary>
public sealed class StateWriterTests : IDisposable
{
    private static readonly PersistentState s_held = new(new Hold(HoldKind.Operator, "operator", "a full disk", null, null, false), []);

    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _clock = new();
    private readonly SemaphoreSlim _wrote = new(0);

    public void Dispose()
    {
        _wrote.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_could_not_be_written_is_tried_again_after_a_minute_and_answered_at_once()
    {
        using StateWriter writer = Failed();
        Assert.Null(writer.Unwritten);
        Assert.Equal(BootTime.Now(_clock) + TimeSpan.FromMinutes(1), writer.RetryAt);

        Directory.CreateDirectory(_folder["state"]);
        writer.Retry();
        _wrote.Wait();
        Assert.Null(writer.RetryAt);
        Assert.Equal(s_held, File().Load());
    }

    [Fact]
    public void It_is_tried_once_more_at_the_end_of_the_agent()
    {
        using (StateWriter writer = Failed())
        {
            Assert.NotNull(writer.RetryAt);
            Directory.CreateDirectory(_folder["state"]);
        }

        Assert.Equal(s_held, File().Load());
    }

    [Fact]
    public void What_is_newer_takes_its_place()
    {
        using StateWriter writer = Failed();
        Directory.CreateDirectory(_folder["state"]);
        writer.Save(PersistentState.Empty);
        _wrote.Wait();
        Assert.Null(writer.RetryAt);
        Assert.Equal(PersistentState.Empty, File().Load());
    }

    private StateWriter Failed()
    {
        StateWriter writer = new(File(), () => _wrote.Release(), _clock, NullLogger.Instance);
        writer.Save(s_held);
        _wrote.Wait();
        return writer;
    }

    private StateFile File() => new(_folder["state/node.state"], new BootId(7), null, _clock);
}
