using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Ctl.Output;

/// <summary>
/// Standard output or error as it is; the framework's own console looks up the terminal's capabilities first. A reader that
/// went away (<c>hookctl status | head</c>) is no error: what it does not want any more is dropped. Any other failure is
/// thrown once, of standard error not at all, since nobody could be told; what comes after it is dropped, too.
/// </summary>
/// <param name="descriptor">1 or 2.</param>
internal sealed unsafe class StandardStream(int descriptor) : Stream
{
    private const int StandardError = 2;

    private bool _failed;

    public bool IsTerminal => Libc.IsTerminal(descriptor) != 0;

    /// <summary>How many columns a terminal has; 80 for one that does not say. What is no terminal has no end.</summary>
    public int Columns
    {
        get
        {
            const nuint getWindowSize = 0x5413;
            const int usual = 80;
            if (!IsTerminal)
            {
                return int.MaxValue;
            }

            ushort* size = stackalloc ushort[4];
            return Libc.InputOutputControl(descriptor, getWindowSize, size) == 0 && size[1] > 0 ? size[1] : usual;
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !_failed)
        {
            nint written;
            fixed (byte* start = buffer)
            {
                written = Libc.Write(descriptor, start, (nuint)buffer.Length);
            }

            int errno = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            _failed = errno is not (0 or Errno.Interrupted);

            // The runtime ignores SIGPIPE.
            if (_failed && errno != Errno.BrokenPipe && descriptor != StandardError)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(errno));
            }

            buffer = buffer[(int)Math.Max(0, written)..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
