namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// How a network finds out which way to change. By default the output layer alone learns, with its exact gradient, which is shallow
/// learning; rules add what the hidden stages do.
/// </summary>
internal class PlainRule(Net net)
{
    protected Net Net { get; } = net;

    /// <summary>What the rule itself learns.</summary>
    public virtual IReadOnlyList<Weight> Weights => [];

    /// <summary>Gives all that learns its gradient.</summary>
    /// <returns>The mean loss.</returns>
    public double Estimate(double[,] inputs, double[,] targets)
    {
        foreach (var weight in Net.Weights.Concat(Weights))
        {
            weight.Gradient = null;
        }

        BeforeThePass(inputs, targets);
        Net.Forward(inputs);
        var loss = Net.Losses(targets).Average();
        Learn(Net.OutputError(targets), targets);
        return loss;
    }

    /// <summary>For a rule that runs the network twice: modules go back over their latest pass, which is the one that follows.</summary>
    protected virtual void BeforeThePass(double[,] inputs, double[,] targets)
    {
    }

    protected virtual void Learn(double[,] outputError, double[,] targets) => Net.Stages[^1].Backward(outputError, weight => weight.Values);
}
