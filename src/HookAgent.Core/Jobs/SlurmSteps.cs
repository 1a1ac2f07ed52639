using System.Buffers.Text;

namespace HookAgent.Core.Jobs;

/// <summary>A slurmstepd of a job, by its process id.</summary>
/// <param name="SpansJob">
/// It lasts as long as the job has this node: that of the batch script, of the extern step (PrologFlags=Contain) or of an
/// interactive step. The others come and go within an allocation.
/// </param>
public sealed record SlurmStep(int Process, JobId Job, bool SpansJob);

/// <summary>
/// The slurmstepd processes of this node: what shows that a job runs here without asking Slurm. Only root's by that very
/// name count, since anybody can give a process any title, and a set-user-ID program too. That there is none proves
/// nothing: an allocation without a step has no process.
/// </summary>
/// <param name="proc">Where procfs is mounted.</param>
public sealed class SlurmSteps(string proc)
{
    private const int MostTitleBytes = 256;

    public List<SlurmStep> Scan()
    {
        List<SlurmStep> steps = [];
        foreach (string folder in Directory.EnumerateDirectories(proc))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out int process) && StepOf(folder, process) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    /// <summary>The job whose step this process is; null for any other process, and for one that is gone.</summary>
    public JobId? JobOf(int process) =>
        StepOf(Path.Combine(proc, process.ToString(System.Globalization.CultureInfo.InvariantCulture)), process)?.Job;

    private static SlurmStep? StepOf(string folder, int process)
    {
        try
        {
            // The name first: it is short, and nearly no process has it. The owner before the title: that is read in the process's
            // memory, and its owner may hold that up for ever.
            Span<byte> buffer = stackalloc byte[MostTitleBytes];
            if (!ReadStart(Path.Combine(folder, "comm"), buffer).SequenceEqual("slurmstepd\n"u8) || !IsRoots(folder))
            {
                return null;
            }

            ReadOnlySpan<byte> title = ReadStart(Path.Combine(folder, "cmdline"), buffer);
            return JobOfTitle(title) is { } job ? new SlurmStep(process, job, SpansJob(title)) : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The job id of <c>slurmstepd: [123.batch]</c>, as slurmstepd titles itself (22.05 to 25.05).</summary>
    internal static JobId? JobOfTitle(ReadOnlySpan<byte> title)
    {
        ReadOnlySpan<byte> start = "slurmstepd: ["u8;
        if (!title.StartsWith(start))
        {
            return null;
        }

        title = title[start.Length..];
        int end = title.IndexOfAny((byte)'.', (byte)']');
        return end > 0
            && Utf8Parser.TryParse(title[..end], out uint number, out int used) && used == end
            && JobId.TryParse(number.ToString(System.Globalization.CultureInfo.InvariantCulture), out JobId job)
            ? job
            : null;
    }

    /// <summary>Whether the step's name is no number: <c>[123.batch]</c>, <c>[123.extern]</c> or <c>[123.interactive]</c>.</summary>
    internal static bool SpansJob(ReadOnlySpan<byte> title)
    {
        int dot = title.IndexOf((byte)'.');
        ReadOnlySpan<byte> step = dot < 0 ? default : title[(dot + 1)..];
        return step.StartsWith("batch]"u8) || step.StartsWith("extern]"u8) || step.StartsWith("interactive]"u8);
    }

    /// <summary>
    /// Whether the real and the saved user id are root's, from the "Uid:" line of proc_pid_status(5): real, effective, saved,
    /// file system. A set-user-ID program keeps its user's real id. The others are the job's user's for moments: slurmstepd
    /// opens files in his name (seteuid(2)) and is a slurmstepd still.
    /// </summary>
    private static bool IsRoots(string folder) =>
        File.ReadLines(Path.Combine(folder, "status")).FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal)) is { } line
        && line[4..].Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is ["0", _, "0", _];

    private static ReadOnlySpan<byte> ReadStart(string path, Span<byte> buffer)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }
}
