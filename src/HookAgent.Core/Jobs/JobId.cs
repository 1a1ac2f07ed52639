using System.Globalization;

namespace HookAgent.Core.Jobs;

/// <summary>
/// A Slurm job id: 1 to 4294967293 (slurm.h keeps the two highest values of its 32 bits for INFINITE and
/// NO_VAL). Written as Slurm writes it, in digits without leading zeros, so that a job has exactly one name
/// and that name is safe as a file name.
/// </summary>
public readonly record struct JobId : IComparable<JobId>
{
    private const uint Highest = 0xFFFF_FFFD;

    /// <summary>The most digits a job id has.</summary>
    public const int MaxDigits = 10;

    private JobId(uint value) => Value = value;

    public uint Value { get; }

    /// <summary>Reads a job id; false for anything Slurm would not write, a path part among them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JobId job)
    {
        job = default;
        if (text.Length is 0 or > MaxDigits || text[0] == '0')
        {
            return false;
        }

        ulong value = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '9')
            {
                return false;
            }

            value = (value * 10) + (uint)(c - '0');
        }

        if (value > Highest)
        {
            return false;
        }

        job = new JobId((uint)value);
        return true;
    }

    public int CompareTo(JobId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(JobId left, JobId right) => left.Value < right.Value;

    public static bool operator >(JobId left, JobId right) => left.Value > right.Value;

    public static bool operator <=(JobId left, JobId right) => left.Value <= right.Value;

    public static bool operator >=(JobId left, JobId right) => left.Value >= right.Value;
}
