namespace FeedbackAlignment.Reports;

/// <summary>The report of a reproduction as Markdown.</summary>
/// <param name="Text">The document.</param>
/// <param name="Files">The pictures that it shows, in a folder beside it.</param>
public sealed record ReproductionDocument(string Text, IReadOnlyList<ReproductionFile> Files);

/// <summary>A picture of a document.</summary>
/// <param name="Name">Its path from the document, with slashes: <c>reproduction/linear.svg</c>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ReproductionFile(string Name, byte[] Content);
