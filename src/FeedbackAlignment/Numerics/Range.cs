namespace FeedbackAlignment.Numerics;

/// <summary>Consecutive values.</summary>
/// <param name="From">The first.</param>
/// <param name="To">One past the last.</param>
internal readonly record struct Range<T>(T From, T To);
