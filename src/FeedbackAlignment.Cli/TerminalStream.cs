namespace FeedbackAlignment.Cli;

/// <summary>
/// A terminal to write to. Where somebody closes its window, what can no longer be shown is lost, but not the training that wanted to
/// show it.
/// </summary>
/// <param name="terminal">Standard output or standard error, where that is a terminal.</param>
internal sealed class TerminalStream(Stream terminal) : Stream
{
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
        try
        {
            terminal.Write(buffer);
        }
        catch (IOException)
        {
            // The window is closed.
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
