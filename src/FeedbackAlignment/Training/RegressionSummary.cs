using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>How good answers are that are numbers, output by output: a column of large numbers hides no other.</summary>
/// <param name="Outputs">One entry per output.</param>
public sealed record RegressionSummary(IReadOnlyList<OutputQuality> Outputs)
{
    /// <summary>The mean of the outputs' errors relative to the training mean; null where one has none.</summary>
    public double? RelativeError => Outputs.All(output => output.RelativeError is not null) ? Outputs.Average(output => output.RelativeError!.Value) : null;

    /// <summary>Holds answers against targets. Both in the same units; the user's, if the targets were standardized for training.</summary>
    /// <param name="answers">examples × outputs.</param>
    /// <param name="targets">examples × outputs.</param>
    /// <param name="trainingMeans">The mean of each target in the training examples: what one would answer who knows no inputs.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no examples.</exception>
    public static RegressionSummary Evaluate(Matrix answers, Matrix targets, IReadOnlyList<float> trainingMeans)
    {
        ArgumentNullException.ThrowIfNull(trainingMeans);
        answers.RequireShape(targets.Rows, targets.Columns, nameof(answers));
        if (targets.Rows == 0 || trainingMeans.Count != targets.Columns)
        {
            throw new ArgumentException($"targets are {targets.Shape}, and there are {trainingMeans.Count} means: at least one row and one mean per column are needed", nameof(trainingMeans));
        }

        return new RegressionSummary([.. Enumerable.Range(0, targets.Columns).Select(column => Quality(answers, targets, column, trainingMeans[column]))]);
    }

    private static OutputQuality Quality(Matrix answers, Matrix targets, int column, double trainingMean)
    {
        var mean = 0.0;
        var isConstant = true;
        for (var row = 0; row < targets.Rows; row++)
        {
            mean += (double)targets[row, column] / targets.Rows;
            isConstant &= targets[row, column] == targets[0, column];
        }

        double squares = 0, around = 0, fromTraining = 0;
        for (var row = 0; row < targets.Rows; row++)
        {
            squares += Square((double)answers[row, column] - targets[row, column]);
            around += Square(targets[row, column] - mean);
            fromTraining += Square(targets[row, column] - trainingMean);
        }

        return new OutputQuality(
            squares / targets.Rows, isConstant ? null : 1 - squares / around, fromTraining == 0 ? null : squares / fromTraining);
    }

    private static double Square(double value) => value * value;
}

/// <summary>How good the answers of one output are.</summary>
/// <param name="MeanSquaredError">Mean of (answer − target)².</param>
/// <param name="RSquared">
/// R²: 1 − Σ(answer − target)² ∕ Σ(target − mean of these targets)². 1 is perfect, 0 no better than that mean. Null where the targets are
/// all equal.
/// </param>
/// <param name="RelativeError">
/// Σ(answer − target)² ∕ Σ(target − training mean)²: 1 is what answering the training mean would give. Null where that is always right.
/// </param>
public readonly record struct OutputQuality(double MeanSquaredError, double? RSquared, double? RelativeError);
