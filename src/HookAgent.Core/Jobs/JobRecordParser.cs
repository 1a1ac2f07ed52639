using System.Text;
using HookAgent.Core.Text;
using HookAgent.Core.Time;

namespace HookAgent.Core.Jobs;

/// <summary>
/// Reads a record back. Lenient in all but the id, so that an older and a newer package can share a node:
/// unknown keys are ignored, a line without '=' or a bad number makes only that key missing, and of a
/// repeated key the last one counts.
/// </summary>
public static class JobRecordParser
{
    /// <summary>A larger file is no record, and is not read: 64 KiB.</summary>
    public const int MaxFileBytes = 64 * 1024;

    /// <summary>
    /// The record in <paramref name="text"/>, or null when its JOB_ID is missing or is not
    /// <paramref name="job"/>, the id its file is named after.
    /// </summary>
    public static JobRecord? Parse(JobId job, ReadOnlySpan<byte> text)
    {
        JobRecord record = new(job);
        bool named = false;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];

            int equals = line.IndexOf((byte)'=');
            if (equals < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> key = line[..equals];
            ReadOnlySpan<byte> value = line[(equals + 1)..];
            if (key.SequenceEqual("JOB_ID"u8))
            {
                named = Digits.ReadUInt32(value) == job.Value;
            }
            else
            {
                record = With(record, key, value);
            }
        }

        return named ? record : null;
    }

    private static JobRecord With(JobRecord record, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => key switch
    {
        _ when key.SequenceEqual("RESTART"u8) => record with { Restart = Digits.ReadUInt32(value) },
        _ when key.SequenceEqual("UID"u8) => record with { Uid = Digits.ReadUInt32(value) },
        _ when key.SequenceEqual("USER"u8) => record with { User = Encoding.UTF8.GetString(value) },
        _ when key.SequenceEqual("PARTITION"u8) => record with { Partition = Encoding.UTF8.GetString(value) },
        _ when key.SequenceEqual("CPUS"u8) => record with { Cpus = Encoding.UTF8.GetString(value) },
        _ when key.SequenceEqual("END_TIME"u8) => record with { EndTime = Digits.Read(value) },
        _ when key.SequenceEqual("STARTED_USEC"u8) => record with { StartedUsec = Digits.Read(value) },
        _ when key.SequenceEqual("STARTED_BOOTTIME_USEC"u8) => record with
        {
            StartedBootTime = Digits.Read(value) is { } usec ? new BootTime(usec) : null,
        },
        _ when key.SequenceEqual("BOOT_ID"u8) => record with { Boot = BootId.TryParse(value, out BootId boot) ? boot : null },
        _ => record,
    };
}
