using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Predictions;

/// <summary>How a trained network does on examples whose answers are known.</summary>
/// <param name="Evaluation">Loss and error.</param>
/// <param name="Confusion">How often a class was taken for which; null for numbers.</param>
/// <param name="Quality">
/// How good each output is, in the units of the file; null for classes, and where the training means are not known.
/// </param>
/// <param name="Baseline">
/// The error of an answer that needs no input: the most frequent training class. Null for numbers (their quality has it), and where the
/// training examples are not known.
/// </param>
/// <param name="BaselineClass">That class.</param>
public sealed record Trial(Evaluation Evaluation, ConfusionMatrix? Confusion, RegressionSummary? Quality, double? Baseline, int? BaselineClass)
{
    /// <summary>Tries a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">What it was trained on.</param>
    /// <param name="examples">The examples, on the scale that the network learned from.</param>
    /// <param name="schema">How its data were understood; null: nobody knows.</param>
    /// <param name="train">The training examples; null: only the schema says something of them.</param>
    public static Trial Of(Network network, Loss loss, DataSet examples, DataSchema? schema, DataSet? train)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        var evaluation = new Evaluator(network, loss).Evaluate(examples);
        if (examples.Labels is { } labels)
        {
            var counts = schema?.ClassCounts ?? (train?.Labels is null ? null : train.CountClasses());
            var usual = counts is null ? (int?)null : counts.Index().MaxBy(entry => entry.Item).Index;
            return new Trial(evaluation, ConfusionMatrix.Evaluate(network, examples), null, usual is null ? null : labels.Count(label => label != usual) / (double)labels.Count, usual);
        }

        var means = schema?.TargetMeans ?? (train is null ? null : Preparation.Means(train.Targets));
        return new Trial(evaluation, null, means is null ? null : Summary(network, loss, examples, schema, means), null, null);
    }

    private static RegressionSummary Summary(Network network, Loss loss, DataSet examples, DataSchema? schema, IReadOnlyList<float> means)
    {
        var answers = network.Predict(examples.Inputs);
        loss.Interpret(answers);
        return schema?.Targets is { } scale
            ? RegressionSummary.Evaluate(scale.ToStandardizer().Invert(answers), scale.ToStandardizer().Invert(examples.Targets), means)
            : RegressionSummary.Evaluate(answers, examples.Targets, means);
    }
}
