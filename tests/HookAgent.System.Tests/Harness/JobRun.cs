using System.Globalization;
using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>One run of a job's own process, from its own stamps.</summary>
internal sealed record JobRun(string Id, Interval Life)
{
    public BootTime Begin => Life.Begin;

    public BootTime End => Life.End;

    /// <summary>From the lines "job ID", "USEC begin" and "USEC end".</summary>
    public static JobRun Parse(string output)
    {
        string[][] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        Assert.True(
            lines is [["job", _], [_, "begin"], [_, "end"]],
            $"a job should have stamped its id, begin and end, and said:\n{output}");
        return new JobRun(lines[0][1], new Interval(Moment(lines[1][0]), Moment(lines[2][0])));
    }

    private static BootTime Moment(string text) => new(long.Parse(text, CultureInfo.InvariantCulture));
}
