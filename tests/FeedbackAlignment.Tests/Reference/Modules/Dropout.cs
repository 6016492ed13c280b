namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>What a mask of zeros and ones keeps, divided by the share that is kept on average.</summary>
internal sealed class Dropout(double[,] mask, double kept) : PlainModule
{
    public override double[,] Forward(double[,] input) => input.Zip(mask, (x, keeps) => x * keeps / kept);

    public override double[,] Backward(double[,] error, Through through) => Forward(error);
}
