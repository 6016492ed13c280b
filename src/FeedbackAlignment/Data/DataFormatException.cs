using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Data;

/// <summary>A file is not what it should be. The message is one line that says what, where and what would be right.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Trouble in a binary file.</summary>
    /// <param name="source">The file, as the user knows it.</param>
    /// <param name="offset">Byte of the uncompressed content at which the trouble was seen; null where no place can be named.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    /// <param name="inner">The cause, if there was one.</param>
    public DataFormatException(string source, long? offset, string problem, Exception? inner = null)
        : base(ForeignText.Line(offset is null ? $"{source}: {problem}" : $"{source}, byte {offset}: {problem}",
            ForeignText.LongestMessage), inner)
        => (File, Offset) = (source, offset);

    /// <summary>Trouble in a text file.</summary>
    /// <param name="source">The file, as the user knows it.</param>
    /// <param name="line">Line at which the trouble was seen, from 1.</param>
    /// <param name="column">Column (field) of that line, from 1; null where the whole line is meant.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    public DataFormatException(string source, int line, int? column, string problem)
        : base(ForeignText.Line(
            column is null ? $"{source}, line {line}: {problem}" : $"{source}, line {line}, column {column}: {problem}",
                ForeignText.LongestMessage))
        => (File, Line, Column) = (source, line, column);

    /// <summary>The file, as the user knows it.</summary>
    public string File { get; }

    /// <summary>Byte of the uncompressed content at which the trouble was seen, in a binary file.</summary>
    public long? Offset { get; }

    /// <summary>Line at which the trouble was seen, from 1, in a text file.</summary>
    public int? Line { get; }

    /// <summary>Column (field) at which the trouble was seen, from 1, in a text file.</summary>
    public int? Column { get; }
}
