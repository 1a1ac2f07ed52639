namespace HookAgent.Core.Linux;

/// <summary>The error numbers that decide something (asm-generic/errno.h; the same on x86, Arm and RISC-V).</summary>
internal static class Errno
{
    public const int NoSuchEntry = 2;
    public const int Interrupted = 4;
    public const int NoSuchDeviceOrAddress = 6;
    public const int TryAgain = 11;
    public const int AlreadyThere = 17;
    public const int NotADirectory = 20;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int BrokenPipe = 32;
    public const int NameTooLong = 36;
    public const int TooManyLinks = 40;
    public const int MessageTooLong = 90;
    public const int ConnectionReset = 104;
    public const int NotConnected = 107;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
}
