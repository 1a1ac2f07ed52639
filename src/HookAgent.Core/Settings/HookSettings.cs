using System.Globalization;
using HookAgent.Core.Linux;
using HookAgent.Core.Text;

namespace HookAgent.Core.Settings;

/// <summary>
/// The two settings the hook needs, which the agent publishes as <c>/run/hookagent/hook.conf</c>. A hook
/// must end in time whatever that file holds, so a missing or bad value means its default.
/// </summary>
/// <param name="Timeout">How long a hook may take at all: 10 ms to 1 min, by default 1 s.</param>
/// <param name="PrologWait">How much longer a Prolog waits for the node to be handed over: 0 to 10 min, by default 0.</param>
public readonly record struct HookSettings(TimeSpan Timeout, TimeSpan PrologWait)
{
    public static HookSettings Default => new(TimeSpan.FromSeconds(1), TimeSpan.Zero);

    public static TimeSpan LeastTimeout => TimeSpan.FromMilliseconds(10);

    public static TimeSpan MostTimeout => TimeSpan.FromMinutes(1);

    public static TimeSpan MostPrologWait => TimeSpan.FromMinutes(10);

    /// <summary>What the agent publishes.</summary>
    public string Format() => string.Create(
        CultureInfo.InvariantCulture,
        $"TIMEOUT_USEC={Timeout.Ticks / TimeSpan.TicksPerMicrosecond}\nPROLOG_WAIT_USEC={PrologWait.Ticks / TimeSpan.TicksPerMicrosecond}\n");

    /// <summary>The settings at <paramref name="path"/>. No file there is nothing wrong: the agent has yet to run.</summary>
    public static HookSettings Read(string path, out HookSettingsFault fault)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int length = SmallFile.Read(path, buffer, out int errno);
        if (length >= 0)
        {
            return Parse(buffer[..length], out fault);
        }

        fault = errno == Errno.NoSuchEntry ? HookSettingsFault.None : HookSettingsFault.Unreadable;
        return Default;
    }

    /// <summary>The settings in <paramref name="text"/>, lines <c>KEY=number of microseconds</c>; unknown keys are ignored.</summary>
    public static HookSettings Parse(ReadOnlySpan<byte> text, out HookSettingsFault fault)
    {
        fault = HookSettingsFault.None;
        HookSettings settings = Default;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.StartsWith("TIMEOUT_USEC="u8))
            {
                settings = settings with
                {
                    Timeout = Span(line["TIMEOUT_USEC="u8.Length..], LeastTimeout, MostTimeout) ?? Bad(HookSettingsFault.Timeout, Default.Timeout, ref fault),
                };
            }
            else if (line.StartsWith("PROLOG_WAIT_USEC="u8))
            {
                settings = settings with
                {
                    PrologWait = Span(line["PROLOG_WAIT_USEC="u8.Length..], TimeSpan.Zero, MostPrologWait) ?? Bad(HookSettingsFault.PrologWait, Default.PrologWait, ref fault),
                };
            }
        }

        return settings;
    }

    private static TimeSpan Bad(HookSettingsFault which, TimeSpan byDefault, ref HookSettingsFault fault)
    {
        fault |= which;
        return byDefault;
    }

    private static TimeSpan? Span(ReadOnlySpan<byte> text, TimeSpan least, TimeSpan most)
    {
        if (Digits.Read(text) is not { } usec || usec > most.Ticks / TimeSpan.TicksPerMicrosecond)
        {
            return null;
        }

        TimeSpan span = new(usec * TimeSpan.TicksPerMicrosecond);
        return span < least ? null : span;
    }
}

/// <summary>Which published settings were bad, and their defaults taken.</summary>
[Flags]
public enum HookSettingsFault
{
    None = 0,
    Unreadable = 1,
    Timeout = 2,
    PrologWait = 4,
}
