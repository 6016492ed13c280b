using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>The data of an experiment.</summary>
/// <param name="Split">The examples, on the scale that the network learns from.</param>
/// <param name="Record">What they are, for the record.</param>
/// <param name="Spec">
/// What the spec says of them, with all that was seen from the files filled in, so that it is never guessed again.
/// </param>
/// <param name="Remarks">What the user should know of how they were read, in one line each.</param>
public sealed record LoadedData(DataSplit Split, DataRecord Record, DataSpec Spec, IReadOnlyList<string> Remarks);
