using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// A file that is written. Where it comes to the greatest length that the system allows (<c>ulimit -f</c>), that is an
/// <see cref="IOException"/>, as a full disk is; .NET speaks of an argument out of range.
/// </summary>
/// <param name="handle">The open file.</param>
internal sealed class WrittenFile(SafeFileHandle handle) : FileStream(handle, FileAccess.ReadWrite, bufferSize: 1)
{
    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            base.Write(buffer, offset, count);
        }
        catch (ArgumentOutOfRangeException tooLong)
        {
            throw new IOException("the file would be longer than the system allows (ulimit -f)", tooLong);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var copy = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            buffer.CopyTo(copy);
            Write(copy, 0, buffer.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
