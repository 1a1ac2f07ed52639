using System.Text;
using HookAgent.Core.Text;
using HookAgent.Core.Time;

namespace HookAgent.Core.Jobs;

/// <summary>
/// Writes a record as lines <c>KEY=value</c>, like logind's state files. A key without a value is left out.
/// Nothing a job's user can choose may add a line or a key: control characters become '?', and a value over
/// <see cref="MaxValueBytes"/> is left out whole, since cut short it would name something else.
/// </summary>
public static class JobRecordFormat
{
    /// <summary>The longest text value, in bytes of UTF-8.</summary>
    public const int MaxValueBytes = 512;

    /// <summary>Room for any record: three texts, six numbers, one boot id, and the keys.</summary>
    public const int MaxRecordBytes = 2048;

    /// <summary>Writes <paramref name="record"/>, and returns how many bytes that took.</summary>
    public static int Write(JobRecord record, Span<byte> destination)
    {
        Lines lines = new(destination);
        lines.Add("JOB_ID="u8, record.Job.Value);
        lines.Add("RESTART="u8, record.Restart);
        lines.Add("UID="u8, record.Uid);
        lines.Add("USER="u8, record.User);
        lines.Add("PARTITION="u8, record.Partition);
        lines.Add("CPUS="u8, record.Cpus);
        lines.Add("END_TIME="u8, record.EndTime);
        lines.Add("STARTED_USEC="u8, record.StartedUsec);
        lines.Add("STARTED_BOOTTIME_USEC="u8, record.StartedBootTime?.Microseconds);
        if (record.Boot is { } boot)
        {
            Span<byte> digits = stackalloc byte[BootId.Digits];
            boot.Format(digits);
            lines.Add("BOOT_ID="u8, digits);
        }

        return lines.Length;
    }

    private ref struct Lines(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public void Add(ReadOnlySpan<byte> key, long? value)
        {
            if (value is { } number and >= 0)
            {
                Span<byte> digits = stackalloc byte[Digits.Most];
                Add(key, digits[..Digits.Write(number, digits)]);
            }
        }

        public void Add(ReadOnlySpan<byte> key, string? value)
        {
            Span<byte> text = stackalloc byte[MaxValueBytes];
            if (value is null || !Encoding.UTF8.TryGetBytes(value, text, out int length))
            {
                return;
            }

            text = text[..length];
            foreach (ref byte c in text)
            {
                c = c is < 0x20 or 0x7F ? (byte)'?' : c;
            }

            Add(key, text);
        }

        public void Add(ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
        {
            Append(key);
            Append(value);
            Append("\n"u8);
        }

        private void Append(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_destination[Length..]);
            Length += bytes.Length;
        }
    }
}
