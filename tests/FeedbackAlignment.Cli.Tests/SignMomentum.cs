using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>Steps along the sign of a running mean of gradients.</summary>
internal sealed class SignMomentum : Optimizer
{
    private static readonly OptimizerOption _memoryOption
        = new("memory", 0.9, "Share of the mean that is kept.") { AtLeast = 0, AtMost = 1 };

    private readonly IReadOnlyList<Matrix> _means;
    private readonly double _memory;

    private SignMomentum(OptimizerSetup setup)
        : base("sign-momentum", setup.Groups, setup.DecayMode)
        => (_means, _memory) = (Remember("mean"), setup.Option(_memoryOption));

    public static OptimizerEntry Entry { get; } = new(
        "sign-momentum", "Signs of a running mean of gradients.", setup => new SignMomentum(setup))
    {
        Options = [_memoryOption],
        DefaultLearningRate = (_, _) => 0.02f,
        DefaultWeightDecay = 0.125f,
    };

    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["memory"] = _memory };

    protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
    {
        var (weights, values, means) = (gradient.Parameter.Read(), gradient.Values, _means[index]);
        for (var row = 0; row < weights.Rows; row++)
        {
            for (var column = 0; column < weights.Columns; column++)
            {
                var mean = means[row, column] = (float)((_memory * means[row, column]) + ((1 - _memory) * values[row, column]));
                weights[row, column] = (keptShare * weights[row, column]) - (learningRate * Math.Sign(mean));
            }
        }
    }
}
