namespace FeedbackAlignment.Experiments.Runs;

/// <summary>A folder cannot be used as asked. The message is one line that says what, where and what would be right.</summary>
/// <param name="message">That line.</param>
/// <param name="inner">The cause, if there was one.</param>
public sealed class FolderException(string message, Exception? inner = null) : Exception(message, inner);
