using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Measures what a constant answer is worth on some data.</summary>
public static class Baselines
{
    /// <summary>The baseline of a division of examples. The answer comes from the training part, its error from the test part.</summary>
    /// <param name="split">The examples, as the network gets them.</param>
    public static BaselineRecord Of(DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        var (least, greatest) = Range(split.Train.Inputs);
        var baseline = split.Train.Labels is { } labels && split.Test.Labels is { } tested ? OfClasses(labels, tested) : OfNumbers(split.Train.Targets, split.Test.Targets);
        return baseline with { LeastInput = least, GreatestInput = greatest };
    }

    /// <summary>Of classes that are equally frequent, the first counts.</summary>
    private static BaselineRecord OfClasses(IReadOnlyList<int> labels, IReadOnlyList<int> tested)
    {
        var frequent = labels.CountBy(label => label).OrderByDescending(label => label.Value).ThenBy(label => label.Key).First().Key;
        return new BaselineRecord { Class = frequent, TestError = (double)tested.Count(label => label != frequent) / tested.Count };
    }

    private static BaselineRecord OfNumbers(Matrix trained, Matrix tested)
    {
        var means = new double[trained.Columns];
        for (var example = 0; example < trained.Rows; example++)
        {
            var targets = trained.Row(example);
            for (var output = 0; output < targets.Length; output++)
            {
                means[output] += targets[output] / (double)trained.Rows;
            }
        }

        var errors = new double[tested.Columns];
        var lengths = 0.0;
        for (var example = 0; example < tested.Rows; example++)
        {
            var targets = tested.Row(example);
            for (var output = 0; output < targets.Length; output++)
            {
                var distance = targets[output] - means[output];
                errors[output] += distance * distance / tested.Rows;
                lengths += (double)targets[output] * targets[output] / tested.Rows;
            }
        }

        return new BaselineRecord { TestError = lengths > 0 ? errors.Sum() / lengths : null, OutputErrors = errors };
    }

    private static (double Least, double Greatest) Range(Matrix inputs)
    {
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var example = 0; example < inputs.Rows; example++)
        {
            foreach (var number in inputs.Row(example))
            {
                (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
            }
        }

        return (least, greatest);
    }
}
