using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Tests.Reference;

namespace FeedbackAlignment.Tests.Optimizers;

/// <summary>The optimizers there are, in all their forms: the library's, and the numbers of each for the plain engine.</summary>
internal static class EveryOptimizer
{
    /// <summary>Those whose steps are continuous in the gradient: they can be compared through a training under every rule.</summary>
    public static readonly string[] Names = ["sgd", "compensated", "momentum", "nesterov", "rmsprop", "adam"];

    /// <summary>With those that step along signs.</summary>
    public static readonly string[] All = [.. Names, "sign", "sign-momentum", "sign-nesterov"];

    public static Optimizer Create(
        string name, IEnumerable<Parameter> parameters, float weightDecay = 0, WeightDecayMode mode = WeightDecayMode.TimesLearningRate)
        => name switch
        {
            "sgd" => new Sgd(parameters, 0, false, weightDecay, mode),
            "compensated" => new CompensatedSgd(parameters, weightDecay, mode),
            "momentum" => new Sgd(parameters, 0.9f, false, weightDecay, mode),
            "nesterov" => new Sgd(parameters, 0.9f, true, weightDecay, mode),
            "sign" => new SignSgd(parameters, 0, false, weightDecay, mode),
            "sign-momentum" => new SignSgd(parameters, 0.9f, false, weightDecay, mode),
            "sign-nesterov" => new SignSgd(parameters, 0.9f, true, weightDecay, mode),
            "rmsprop" => new RmsProp(parameters, 0.95f, 1e-4f, weightDecay, mode),
            "adam" => new Adam(parameters, 0.85f, 0.97f, 1e-4f, weightDecay, mode),
            _ => throw new ArgumentException(name),
        };

    /// <summary>The same, of parameters in groups.</summary>
    public static Optimizer Create(
        string name, IEnumerable<ParameterGroup> groups, WeightDecayMode mode = WeightDecayMode.TimesLearningRate)
        => name switch
        {
            "sgd" => new Sgd(groups, 0, false, mode),
            "compensated" => new CompensatedSgd(groups, mode),
            "momentum" => new Sgd(groups, 0.9f, false, mode),
            "nesterov" => new Sgd(groups, 0.9f, true, mode),
            "sign" => new SignSgd(groups, 0, false, mode),
            "sign-momentum" => new SignSgd(groups, 0.9f, false, mode),
            "sign-nesterov" => new SignSgd(groups, 0.9f, true, mode),
            "rmsprop" => new RmsProp(groups, 0.95f, 1e-4f, mode),
            "adam" => new Adam(groups, 0.85f, 0.97f, 1e-4f, mode),
            _ => throw new ArgumentException(name),
        };

    public static OptimizerNumbers Numbers(string name, double weightDecay = 0, WeightDecayMode mode = WeightDecayMode.TimesLearningRate)
    {
        OptimizerNumbers numbers = name switch
        {
            "sgd" or "compensated" => new("sgd"),
            "momentum" => new("sgd") { Momentum = 0.9 },
            "nesterov" => new("nesterov") { Momentum = 0.9 },
            "sign" => new("sgd") { TakesSigns = true },
            "sign-momentum" => new("sgd") { Momentum = 0.9, TakesSigns = true },
            "sign-nesterov" => new("nesterov") { Momentum = 0.9, TakesSigns = true },
            "rmsprop" => new("rmsprop") { Rho = 0.95, Epsilon = 1e-4 },
            "adam" => new("adam") { Beta1 = 0.85, Beta2 = 0.97, Epsilon = 1e-4 },
            _ => throw new ArgumentException(name),
        };
        return numbers with
        {
            Decay = weightDecay,
            DecaysPerStep = mode == WeightDecayMode.PerStep,
            DecayIsInTheGradient = mode == WeightDecayMode.Coupled,
        };
    }
}
