namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// A file of a run could not be written while it went on: the disk is full, the folder is gone. The message is one line that names the
/// file.
/// </summary>
public sealed class RecordingException : Exception
{
    /// <summary>Names the file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="cause">What the system said.</param>
    public RecordingException(string file, Exception cause)
        : base($"{file}: cannot be written ({(cause is DirectoryNotFoundException ? "its folder is gone" : cause?.Message.TrimEnd('.'))}); what was written before is kept", cause)
        => File = file;

    /// <summary>Its path.</summary>
    public string File { get; }

    /// <summary>Whether an exception is the system's word that a file cannot be written.</summary>
    /// <param name="trouble">The exception.</param>
    internal static bool IsCause(Exception trouble) => trouble is IOException or UnauthorizedAccessException;
}
