namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>Every hidden stage is brought an error of its own, and none comes from the stage above.</summary>
/// <param name="net">The network.</param>
/// <param name="errors">Given the error at the output layer and the targets: the error at each site, from the lowest up.</param>
internal sealed class Sites(Net net, Func<double[,], double[,], IReadOnlyList<double[,]>> errors) : PlainRule(net)
{
    /// <summary>eₗ = s Bₗ: a signal s through a matrix for each site.</summary>
    public static Sites Direct(Net net, IReadOnlyList<double[,]> feedback, Func<double[,], double[,], double[,]> signal)
        => new(net, (outputError, targets) => [.. feedback.Select(matrix => signal(outputError, targets).Times(matrix))]);

    /// <summary>eₗ = eₗ₊₁ Bₗ₊₁, from the output layer's local error on: feedback alignment without the derivatives in between.</summary>
    public static Sites Local(Net net, IReadOnlyList<double[,]> feedback) => new(net, (outputError, _) =>
    {
        List<double[,]> errors = [];
        for (var site = feedback.Count - 1; site >= 0; site--)
        {
            errors.Insert(0, (errors.Count == 0 ? outputError : errors[0]).Times(feedback[site]));
        }

        return errors;
    });

    /// <summary>e₁ = δ_L B, and on upward from there: eₗ = (eₗ₋₁ ∘ σ′ₗ₋₁) Wₗᵀ.</summary>
    public static Sites Indirect(Net net, IReadOnlyList<double[,]> feedback) => new(net, (outputError, _) =>
    {
        List<double[,]> errors = [];
        for (var site = 0; site < net.Hidden; site++)
        {
            errors.Add(site == 0
                ? outputError.Times(feedback[0])
                : net.Activation(site - 1).Backward(errors[^1]).Times(net.Matrix(site).Values.Transposed()));
        }

        return errors;
    });

    protected override void Learn(double[,] outputError, double[,] targets)
    {
        var brought = errors(outputError, targets);
        Net.Backward(outputError, site: (site, _) => brought[site]);
    }
}
