namespace FeedbackAlignment.Experiments.Watching;

/// <summary>What an evaluation of a run said. What is not a number is null.</summary>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="TrainLoss">Mean loss of the training examples since the last evaluation.</param>
/// <param name="ValidationLoss">Loss on the validation examples.</param>
/// <param name="ValidationError">Error on the validation examples, a fraction; for regression the normalized squared error.</param>
public sealed record CurveReading(double Examples, double? TrainLoss, double? ValidationLoss, double? ValidationError);

/// <summary>What the instruments said of one layer of a run.</summary>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="Layer">The layer's name.</param>
/// <param name="ErrorAngle">Degrees between the error that arrives and backpropagation's; null: it is not defined.</param>
/// <param name="GradientAngle">Degrees between the gradients.</param>
/// <param name="PositiveShare">The share of the examples whose errors have a positive inner product; of these, the error is of use.</param>
public sealed record LayerReading(double Examples, string Layer, double? ErrorAngle, double? GradientAngle, double? PositiveShare);

/// <summary>A place in a run's readings: whoever has read up to it goes on from there.</summary>
/// <param name="Byte">Bytes of the file until there.</param>
/// <param name="Mark">A hash of the last bytes before it: a file that was cut off and has grown again since has another.</param>
public readonly record struct ReadingPlace(long Byte, ulong Mark);

/// <summary>What a run has recorded since a place.</summary>
/// <param name="Forget">Whether what was read before is no longer true: the run was cut back to a checkpoint, or began again.</param>
/// <param name="To">The place up to which this goes.</param>
/// <param name="Curve">Evaluations, in their order.</param>
/// <param name="Layers">Measurements, in their order.</param>
/// <param name="Unreadable">Lines that are none of ours.</param>
/// <param name="IsAll">Whether there was no more; false: read on.</param>
public sealed record RunReadings(
    bool Forget, ReadingPlace To, IReadOnlyList<CurveReading> Curve, IReadOnlyList<LayerReading> Layers, int Unreadable, bool IsAll);
