using System.Text;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli;

/// <summary>
/// The last line of defence of standard output and standard error: whatever is written, nothing in it can be obeyed by a terminal but line
/// feeds and tabs.
/// </summary>
/// <param name="target">Where the text goes.</param>
/// <param name="isMute">Whether it goes nowhere, for now.</param>
internal sealed class PrintableWriter(TextWriter target, Func<bool> isMute) : TextWriter
{
    /// <summary>A writer in front of another.</summary>
    /// <param name="target">Where the text goes.</param>
    /// <param name="isMute">Whether it goes nowhere, for now.</param>
    public static TextWriter To(TextWriter target, Func<bool> isMute) => new PrintableWriter(target, isMute);

    public override Encoding Encoding => target.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (isMute())
        {
            return;
        }

        if (ForeignText.IndexOfCommand(buffer) < 0)
        {
            target.Write(buffer);
        }
        else
        {
            target.Write(ForeignText.WithoutCommands(buffer.ToString()));
        }
    }

    /// <summary>An end of a line as the system writes it.</summary>
    public override void WriteLine()
    {
        if (!isMute())
        {
            target.WriteLine();
        }
    }

    public override void WriteLine(string? value)
    {
        Write(value);
        WriteLine();
    }

    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        Write(buffer);
        WriteLine();
    }

    public override void Flush() => target.Flush();
}
