using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>What a rule is written again from: the network, and what of the library's rule is random.</summary>
/// <param name="rule">The library's rule, before its first step.</param>
/// <param name="entry">Its line in the catalog.</param>
/// <param name="setup">What it was made from.</param>
/// <param name="net">The network a second time.</param>
internal sealed class Source(LearningRule rule, RuleEntry entry, RuleSetup setup, Net net)
{
    private readonly double[][,] _drawn = [.. setup.DrawFeedback().Skip(1).Select(weights => Table.Of(weights.Read()))];
    private readonly RandomStream[] _redraws =
        [.. setup.Network.Layers.Skip(1).Select(layer => setup.Streams.Stream($"noise/sign-symmetry/{layer.Name}"))];

    public RuleSetup Setup { get; } = setup;

    public Net Net { get; } = net;

    /// <summary>The matrices that carry errors, from the lowest hidden layer's up.</summary>
    public double[][,] Feedback { get; } = [.. rule.Feedback.Select(path => Table.Of(path.Weights))];

    /// <summary>The stream of the rule's noise.</summary>
    public RandomStream Noise => Setup.Streams.Stream($"noise/{entry.Id}");

    /// <summary>An option of the rule.</summary>
    public double this[string option] => Setup.Option(entry.Options.Single(known => known.Id == option));

    /// <summary>What an error goes through out of a stage; the first stage's goes nowhere, so there its own weights will do.</summary>
    public Through Through(Func<int, double[,]> feedback) => weight =>
    {
        var stage = Enumerable.Range(0, Net.Hidden + 1).Single(stage => Net.Matrix(stage) == weight);
        return stage == 0 ? weight.Values : feedback(stage);
    };

    /// <summary>What feedback alignment would draw.</summary>
    public double[,] Drawn(int stage) => _drawn[stage - 1];

    /// <summary>All of one size: the root mean square of what feedback alignment would draw.</summary>
    public double[,] EvenMagnitudes(int stage) => Drawn(stage).Map(_ => Math.Sqrt(Drawn(stage).Values().Average(value => value * value)));

    /// <summary>What the rule learns itself, from the lowest hidden layer's up, as it begins.</summary>
    public double[][,] Learned { get; } = [.. rule.Parameters.Select(parameter => Table.Of(parameter.Read()))];

    /// <summary>The fixed factor R of product feedback, middle × units below the stage, with variance 1 ∕ middle.</summary>
    public double[,] FixedFactor(int stage, int middle)
    {
        var factor = new Matrix(middle, Setup.Network.Layers[stage].Inputs);
        Setup.Feedback.Distribution.Draw(
            factor, Setup.Streams.Stream($"feedback/{Setup.Network.Layers[stage].Name}/fixed"), 1 / Math.Sqrt(middle));
        return Table.Of(factor);
    }

    /// <summary>Drawn again at every call.</summary>
    public double[,] Redrawn(int stage)
    {
        var matrix = new Matrix(Drawn(stage).Rows(), Drawn(stage).Columns());
        Setup.Feedback.Distribution.Draw(matrix, _redraws[stage - 1]);
        return Table.Of(matrix);
    }
}
