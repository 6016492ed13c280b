namespace FeedbackAlignment.Networks;

/// <summary>Somebody needs a network of layers one after another and was given another one.</summary>
/// <param name="message">Who, and what else is in the network.</param>
internal sealed class ChainNeededException(string message) : ArgumentException(message);
