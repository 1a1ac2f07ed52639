using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>
/// The flags of open(2). The two that differ between architectures are chosen by the one we run on, a
/// constant to the native compiler: Arm has its own values for O_DIRECTORY and O_NOFOLLOW
/// (arch/arm64/include/uapi/asm/fcntl.h), the other targets of native AOT have the generic ones.
/// </summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public static int Directory => HasArmLayout ? 0x4000 : 0x10000;

    public static int NoFollow => HasArmLayout ? 0x8000 : 0x20000;

    private static bool HasArmLayout => RuntimeInformation.ProcessArchitecture
        is Architecture.Arm64 or Architecture.Arm;
}
