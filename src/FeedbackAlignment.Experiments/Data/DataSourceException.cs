namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// The data of a spec cannot be had: missing, too few, not the ones they should be, or not to be fetched. One line says why and what to
/// do.
/// </summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="inner">The cause, if there was one.</param>
public sealed class DataSourceException(string message, Exception? inner = null) : Exception(message, inner);
