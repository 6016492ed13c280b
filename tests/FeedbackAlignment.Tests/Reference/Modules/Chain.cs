namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>Modules one after another.</summary>
internal sealed class Chain(params PlainModule[] modules) : PlainModule
{
    public override IReadOnlyList<Weight> Weights => [.. modules.SelectMany(module => module.Weights)];

    public override double[,] Forward(double[,] input) => modules.Aggregate(input, (signal, module) => module.Forward(signal));

    public override double[,] Backward(double[,] error, Through through)
        => modules.Reverse().Aggregate(error, (arrived, module) => module.Backward(arrived, through));
}
