namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>shortcut(x) + branch(x); both bring errors back, and these are added.</summary>
internal sealed class Residual(PlainModule branch, PlainModule shortcut) : PlainModule
{
    public override IReadOnlyList<Weight> Weights => [.. branch.Weights, .. shortcut.Weights];

    public override double[,] Forward(double[,] input) => branch.Forward(input).Plus(shortcut.Forward(input));

    public override double[,] Backward(double[,] error, Through through)
        => branch.Backward(error, through).Plus(shortcut.Backward(error, through));
}
