namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>Errors go back through matrices that are learned.</summary>
/// <param name="net">The network.</param>
/// <param name="feedback">The matrix out of each stage but the first, to begin with.</param>
internal abstract class LearnedFeedback(Net net, IEnumerable<double[,]> feedback) : PlainRule(net)
{
    public override IReadOnlyList<Weight> Weights { get; } =
        [.. feedback.Select((values, i) => new Weight(NameOf(net.Matrix(i + 1)), decays: true, values))];

    private static string NameOf(Weight forward) => forward.Name.Replace(".weights", ".feedback", StringComparison.Ordinal);

    protected double[,] Feedback(Weight weight)
        => Weights.Where((_, i) => Net.Matrix(i + 1) == weight).SingleOrDefault()?.Values ?? weight.Values;
}

/// <summary>The matrices learn what the weights learn: the same gradient, and the same decay.</summary>
internal sealed class KolenPollack(Net net, IEnumerable<double[,]> feedback) : LearnedFeedback(net, feedback)
{
    protected override void Learn(double[,] outputError, double[,] targets)
    {
        Net.Backward(outputError, Feedback);
        for (var stage = 1; stage <= Net.Hidden; stage++)
        {
            Weights[stage - 1].Learn(Net.Matrix(stage).Gradient!);
        }
    }
}

/// <summary>The matrices go from the outputs straight to each site, and learn from the output's error and the activity there.</summary>
internal sealed class DirectKolenPollack(Net net, IEnumerable<double[,]> feedback) : LearnedFeedback(net, feedback)
{
    protected override void Learn(double[,] outputError, double[,] targets)
    {
        Net.Backward(outputError, site: (site, _) => outputError.Times(Weights[site].Values));
        for (var site = 0; site < Net.Hidden; site++)
        {
            Weights[site].Learn(outputError.Transposed().Times(Net.Signals[site + 1]).Scaled(1.0 / outputError.Rows()));
        }
    }
}

/// <summary>
/// The matrices go to a wider middle, and fixed ones from there; they learn from the error and from the layer's input as the fixed ones
/// send it to the middle.
/// </summary>
internal sealed class ProductFeedback(Net net, IEnumerable<double[,]> learned, double[][,] fixedOnes) : LearnedFeedback(net, learned)
{
    protected override void Learn(double[,] outputError, double[,] targets)
    {
        Net.Backward(outputError, weight => Weights.Where((_, i) => Net.Matrix(i + 1) == weight).SingleOrDefault() is { } factor
            ? factor.Values.Times(fixedOnes[Array.IndexOf([.. Weights], factor)]) : weight.Values);
        for (var stage = 1; stage <= Net.Hidden; stage++)
        {
            // δᵀ h Rᵀ: the forward gradient is the mean of δᵀ h.
            Weights[stage - 1].Learn(Net.Matrix(stage).Gradient!.Times(fixedOnes[stage - 1].Transposed()));
        }
    }
}
