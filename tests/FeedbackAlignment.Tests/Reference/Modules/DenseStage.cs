namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>h = f(W x + b): a stage for rules that need a layer and its activation apart.</summary>
internal sealed class DenseStage(Dense dense, Pointwise activation) : PlainModule
{
    public Dense Dense { get; } = dense;

    public Pointwise Activation { get; } = activation;

    public override IReadOnlyList<Weight> Weights => Dense.Weights;

    public override double[,] Forward(double[,] input) => Activation.Forward(Dense.Forward(input));

    public override double[,] Backward(double[,] error, Through through) => Dense.Backward(Activation.Backward(error), through);
}
