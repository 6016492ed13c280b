namespace FeedbackAlignment.Data;

/// <summary>A file is not what it should be. The message is one line that says what, where and what would be right.</summary>
/// <param name="source">The file, as the user knows it.</param>
/// <param name="offset">Byte (or, for text, line) at which the trouble was seen; null where no place can be named.</param>
/// <param name="problem">What is wrong and what would be right.</param>
/// <param name="inner">The cause, if there was one.</param>
public sealed class DataFormatException(string source, long? offset, string problem, Exception? inner = null)
    : Exception(offset is null ? $"{source}: {problem}" : $"{source}, at {offset}: {problem}", inner)
{
    /// <summary>The file, as the user knows it.</summary>
    public string File { get; } = source;

    /// <summary>Byte or line at which the trouble was seen.</summary>
    public long? Offset { get; } = offset;
}
