namespace FeedbackAlignment.Cli;

/// <summary>What the user typed cannot be done. The message is one line that says what would be right.</summary>
/// <param name="message">That line.</param>
internal sealed class BadInputException(string message) : Exception(message);
