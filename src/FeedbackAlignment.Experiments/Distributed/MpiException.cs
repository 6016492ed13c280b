namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>MPI is not there, or is not what the launcher needs. The message is one line.</summary>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class MpiException(string message) : Exception(message);
