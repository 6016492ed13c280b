using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>The data of an experiment.</summary>
/// <param name="Split">The examples.</param>
/// <param name="Record">What they are, for the record.</param>
public sealed record LoadedData(DataSplit Split, DataRecord Record);
