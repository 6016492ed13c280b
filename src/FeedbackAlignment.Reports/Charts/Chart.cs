namespace FeedbackAlignment.Reports.Charts;

/// <summary>A finished chart.</summary>
/// <param name="Id">Unique on a page, usable as a file name, e.g. <c>error-angle-hidden1</c>.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Note">What line and band are.</param>
/// <param name="Svg">
/// An <c>svg</c> element that needs nothing else; its presentation attributes give light colors, its classes (<c>stroke-0</c>,
/// <c>fill-text</c> …) let a page restyle it.
/// </param>
public sealed record Chart(string Id, string Title, string Note, string Svg);

/// <summary>Charts that belong together: the same quantity, one chart per layer or view.</summary>
/// <param name="Id">Unique on a page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Explanation">What to look for, for a newcomer.</param>
/// <param name="Charts">At least one.</param>
public sealed record ChartGroup(string Id, string Title, string Explanation, IReadOnlyList<Chart> Charts);
