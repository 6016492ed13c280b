namespace FeedbackAlignment.Data;

/// <summary>Three disjoint sets of examples: learn on the first, choose on the second, report on the third, once.</summary>
/// <param name="Train">The examples the network learns from.</param>
/// <param name="Validation">The examples that choices are made on.</param>
/// <param name="Test">The examples that results are reported on.</param>
public sealed record DataSplit(DataSet Train, DataSet Validation, DataSet Test);
