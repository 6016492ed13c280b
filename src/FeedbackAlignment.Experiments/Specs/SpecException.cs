using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>A mistake in a spec. Prints as <c>optimizer.learningRate: must be &gt; 0, was -1</c>.</summary>
/// <param name="Path">
/// The keys that lead to it, e.g. <c>rules[1]</c>; for what is not JSON, line and column; empty for the spec as a whole.
/// </param>
/// <param name="Message">What is wrong and what would be right, on one line.</param>
public sealed record SpecProblem(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";

    /// <summary>A key as it appears in paths: as it is, if it is a plain name, else in quotation marks.</summary>
    internal static string Key(string key)
        => key.Length is > 0 and <= 60 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '$') ? key
        : ForeignText.Quoted(key);
}

/// <summary>A spec is wrong. Carries all its mistakes; the message has one line for each.</summary>
/// <param name="problems">The mistakes, at least one.</param>
public sealed class SpecException(IReadOnlyList<SpecProblem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>The mistakes, at most one for a place: first what cannot be read, then values out of range, then combinations.</summary>
    public IReadOnlyList<SpecProblem> Problems { get; } = problems;
}
