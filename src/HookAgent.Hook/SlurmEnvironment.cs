using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Core.Text;
using HookAgent.Core.Time;

namespace HookAgent.Hook;

/// <summary>
/// What slurmd says about the job, in the variables of prolog_epilog(5). Read one by one from libc, as the
/// runtime's own way would copy them all. SPANK_* variables are the user's and are never looked at.
/// </summary>
internal static unsafe class SlurmEnvironment
{
    /// <summary>
    /// The record of <paramref name="job"/>. The environment only speaks of the job it names: a hook run by
    /// hand for another one knows the id and the time.
    /// </summary>
    public static JobRecord Describe(JobId job, Entry entry, string bootIdFile)
    {
        JobRecord record = new(job)
        {
            StartedUsec = entry.UnixMicroseconds,
            StartedBootTime = entry.BootTime,
            Boot = BootId.Read(bootIdFile, out _),
        };
        return Digits.Read(Bytes("SLURM_JOB_ID\0"u8)) != job.Value
            ? record
            : record with
            {
                Restart = Digits.ReadUInt32(Bytes("SLURM_JOB_RESTART_COUNT\0"u8)),
                Uid = Digits.ReadUInt32(Bytes("SLURM_JOB_UID\0"u8)),
                User = Text("SLURM_JOB_USER\0"u8),
                Partition = Text("SLURM_JOB_PARTITION\0"u8),
                Cpus = Text("SLURM_JOB_CPUS_PER_NODE\0"u8),
                EndTime = Digits.Read(Bytes("SLURM_JOB_END_TIME\0"u8)),
            };
    }

    /// <summary>A variable's value, or null where it is not set.</summary>
    /// <param name="name">With the zero byte that ends it.</param>
    public static string? Text(ReadOnlySpan<byte> name)
    {
        byte* value = Find(name);
        return value is null ? null : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value));
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> name)
    {
        byte* value = Find(name);
        return value is null ? default : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value);
    }

    private static byte* Find(ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
        {
            return Libc.GetEnvironment(bytes);
        }
    }
}
