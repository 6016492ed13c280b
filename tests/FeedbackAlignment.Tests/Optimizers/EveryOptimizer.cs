using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Tests.Optimizers;

/// <summary>The optimizers there are, in all their forms.</summary>
internal static class EveryOptimizer
{
    public static readonly string[] Names = ["sgd", "compensated", "momentum", "nesterov", "rmsprop", "adam"];

    public static Optimizer Create(
        string name, IEnumerable<Parameter> parameters, float weightDecay = 0, WeightDecayMode mode = WeightDecayMode.TimesLearningRate)
        => name switch
        {
            "sgd" => new Sgd(parameters, 0, false, weightDecay, mode),
            "compensated" => new CompensatedSgd(parameters, weightDecay, mode),
            "momentum" => new Sgd(parameters, 0.9f, false, weightDecay, mode),
            "nesterov" => new Sgd(parameters, 0.9f, true, weightDecay, mode),
            "rmsprop" => new RmsProp(parameters, 0.95f, 1e-4f, weightDecay, mode),
            "adam" => new Adam(parameters, 0.85f, 0.97f, 1e-4f, weightDecay, mode),
            _ => throw new ArgumentException(name),
        };
}
