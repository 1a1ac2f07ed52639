using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <summary>Text that belongs to libsystemd: UTF-8 that ends with a NUL.</summary>
internal static unsafe class NativeText
{
    internal static string? Read(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
